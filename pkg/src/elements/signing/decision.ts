// The decision: may this person decide, with which consequences, and the two ways to go.
import { html, nothing } from "lit";
import type { Signing } from "ocisign";
import { stateWords } from "../fragments/marks.ts";
import { mayBeDecided } from "../model/foresight.ts";
import { groupsOf } from "../model/groups.ts";
import { strings } from "../strings/index.ts";
import { approveForm } from "./approve-form.ts";
import { consequences } from "./consequences.ts";
import { hindrances, hindranceWords, onlyRejection } from "./hindrances.ts";
import type { SigningPage } from "./page.ts";
import { receipt } from "./receipt.ts";
import { rejectForm } from "./reject-form.ts";
import { doubtNotice, refusalNotice } from "./setbacks.ts";

export function decision(element: SigningPage) {
  const { desk, now } = element;
  if (!now) return nothing;
  if (desk.receipt) return html`${receipt(element, desk.receipt)}${afterwards(element, now.signing)}`;
  if (mayBeDecided(now.signing)) return panel(element, ways(element));
  return panel(element, html`<p>${strings.signing.nothingToDecide(stateWords(now.signing))}</p>`);
}

function panel(element: SigningPage, inside: unknown) {
  return html`<section class="panel stack" aria-labelledby="decision" part="decision">
    <h3 id="decision" tabindex="-1">${strings.signing.decision}</h3>
    ${doubtNotice(element)} ${refusalNotice(element)} ${inside}
  </section>`;
}

/** Who sees a mistake only after approving can still stop it. */
function afterwards(element: SigningPage, signing: Signing) {
  const { desk, foresight } = element;
  const mayStop = mayBeDecided(signing) && foresight.mayReject && desk.receipt?.decision === "approve";
  if (!mayStop) return nothing;
  return panel(element, desk.isRejecting ? rejectForm(element) : toRejection(element));
}

function ways(element: SigningPage) {
  const { desk, foresight } = element;
  if (desk.isRejecting && foresight.mayReject) return rejectForm(element);
  return html`${ability(element)}
    ${mayApprove(element) ? html`${consequences(element)}${approveForm(element)}` : nothing}
    ${foresight.mayReject ? toRejection(element) : nothing}`;
}

/** May you approve, and why not? */
function ability(element: SigningPage) {
  const words = strings.signing;
  const { foresight } = element;
  if (foresight.obstacle && foresight.obstacle !== "not-waiting") {
    return html`<p class="notice warn" data-obstacle=${foresight.obstacle}>${words.obstacles[foresight.obstacle]}</p>`;
  }
  const blocked = onlyRejection(hindrances(element));
  if (blocked) return html`<p class="notice bad" data-obstacle=${blocked}>${hindranceWords(blocked)}</p>`;
  return html`<p>${foresight.known ? words.mayApprove : whyUnknown(element)}</p>`;
}

/** Why the page does not foresee what the service will decide. */
function whyUnknown({ now, identity }: SigningPage) {
  const words = strings.signing;
  if (now?.signing.state === "unknown") return words.statusUnexplained;
  return identity && now?.required && !groupsOf(identity) ? words.groupsUnknown : words.notSaid;
}

function mayApprove(element: SigningPage) {
  return !element.foresight.obstacle && !onlyRejection(hindrances(element));
}

function toRejection(element: SigningPage) {
  const { reject } = strings.signing;
  const open = () => {
    element.desk.turn(true);
    element.focusOn("#reason");
  };
  return html`<p class="to-rejection"><button type="button" class="danger" id="to-rejection"
    ?disabled=${Boolean(element.desk.sending)} @click=${open}>${reject}</button></p>`;
}
