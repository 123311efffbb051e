// The bar that stays in sight: which image it is about, whose approvals are missing, and the two ways to decide. Its
// digest's end is what a person types, so that a person who scrolls does not lose sight of what they approve.
import { html, nothing } from "lit";
import { needsOf } from "../../shown/needs.ts";
import { isSamePerson } from "../../shown/person.ts";
import { stateMark, stateWords } from "../fragments/marks.ts";
import { mayBeDecided } from "../model/foresight.ts";
import { groupsOf } from "../model/groups.ts";
import { strings } from "../strings/index.ts";
import { approveForm } from "./approve-form.ts";
import { consequences } from "./consequences.ts";
import type { Receipt } from "./desk.ts";
import { tailLength } from "./digest-tail.ts";
import { hindrances, hindranceWords, onlyRejection } from "./hindrances.ts";
import { moves } from "./moves.ts";
import { own } from "./own.ts";
import type { SigningPage } from "./page.ts";
import { receipt } from "./receipt.ts";
import { rejectForm } from "./reject-form.ts";
import { doubtNotice, refusalNotice } from "./setbacks.ts";

export function decision(element: SigningPage) {
  const { desk, now } = element;
  if (!now) return nothing;
  return html`<div class="bar" part="bar">
    ${
      desk.receipt
        ? afterwards(element, desk.receipt)
        : section(element, html`${about(element)} ${mayBeDecided(now.signing) ? ways(element) : nothing}`)
    }
    ${own(element)}
  </div>`;
}

function section(element: SigningPage, inside: unknown) {
  return html`<section class="stack tight" aria-labelledby="decision" part="decision">
    <h3 id="decision" class="unseen" tabindex="-1">${strings.signing.decision}</h3>
    ${doubtNotice(element)} ${refusalNotice(element)} ${inside}
  </section>`;
}

/** Which image, what comes next, and the way to other requests. */
function about(element: SigningPage) {
  const { shown } = element;
  const { repository = "", digest = "" } = shown?.image ?? {};
  return html`<div class="about">
    <p class="which">
      ${repository ? html`<strong class="repository" title=${repository}>${repository}</strong>` : nothing}
      ${digest ? html`<code class="end"><span aria-hidden="true">…</span>${digest.slice(-tailLength)}</code>` : nothing}
    </p>
    <p class="then">${whatComes(element)}</p>
    ${moves(element)}
  </div>`;
}

function whatComes(element: SigningPage) {
  const words = strings.signing;
  const { now, foresight } = element;
  const { leaves } = foresight;
  if (!now) return nothing;
  if (!mayBeDecided(now.signing)) return words.nothingToDecide(stateWords(now.signing));
  if (mayApprove(element) && leaves && leaves.length > 0) {
    return html`<span data-leaves=${leaves.length}>${words.leaves(element.callings.groupWords(leaves))}</span>
      <span class="more">${words.leavesMore}</span>`;
  }
  const { missing = [], signing } = now;
  if (leaves?.length === 0) return nothing;
  if (missing.length === 0) return stateMark(signing);
  const waits = needsOf(signing) === "any" ? words.waitsForOne : words.waitsFor;
  return waits(element.callings.groupWords(missing));
}

/** Who sees a mistake only after approving can still stop it. */
function mayStop({ desk, foresight, now }: SigningPage) {
  return now && mayBeDecided(now.signing) && foresight.mayReject && desk.receipt?.decision === "approve";
}

function afterwards(element: SigningPage, made: Receipt) {
  if (!mayStop(element)) return receipt(element, made, nothing);
  if (!element.desk.isRejecting) return receipt(element, made, toRejection(element));
  return html`${receipt(element, made, nothing)} ${section(element, rejectForm(element))}`;
}

function ways(element: SigningPage) {
  const { desk, foresight } = element;
  if (desk.isRejecting && foresight.mayReject) return rejectForm(element);
  const reject = foresight.mayReject ? toRejection(element) : nothing;
  if (!mayApprove(element)) return html`<div class="row between">${ability(element)} ${reject}</div>`;
  return html`${ability(element)} ${consequences(element)} ${approveForm(element, reject)}`;
}

/** Why may this person not approve, or why is it unknown? */
function ability(element: SigningPage) {
  const words = strings.signing;
  const { foresight } = element;
  if (foresight.obstacle && foresight.obstacle !== "not-waiting") {
    return html`<p class="notice warn" data-obstacle=${foresight.obstacle}>${words.obstacles[foresight.obstacle]}</p>`;
  }
  const blocked = onlyRejection(hindrances(element));
  if (blocked) return html`<p class="notice bad" data-obstacle=${blocked}>${hindranceWords(blocked)}</p>`;
  return foresight.known ? nothing : html`<p class="hint">${whyUnknown(element)}</p>`;
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
  const { reject, withdraw } = strings.signing;
  const isOwn = isSamePerson(element.shown?.requester, element.identity);
  const open = () => {
    element.desk.turn(true);
    element.focusOn("#reason");
  };
  return html`<button type="button" class=${isOwn ? "" : "danger"} id="to-rejection"
    ?disabled=${Boolean(element.desk.sending)} @click=${open}>${isOwn ? withdraw : reject}</button>`;
}
