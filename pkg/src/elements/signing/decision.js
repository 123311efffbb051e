// The decision: may this person decide, what comes of it, and the two ways to go.
import { html, nothing } from "lit";
import { stateWords } from "../fragments/state-mark.js";
import { mayBeDecided } from "../model/decision.js";
import { strings } from "../strings/index.ts";
import { approveForm } from "./approve-form.js";
import { consequences } from "./consequences.js";
import { hindrances, hindranceWords, onlyRejection } from "./readiness.js";
import { receipt } from "./receipt.js";
import { rejectForm } from "./reject-form.js";
import { doubtNotice, refusalNotice } from "./setbacks.js";

/** @param {import("../signing.js").OcisignSigning} element */
export function decision(element) {
  const { desk, now } = element;
  if (!now) return nothing;
  if (desk.receipt) return html`${receipt(element, desk.receipt)}${afterwards(element, now.signing)}`;
  if (mayBeDecided(now.signing)) return panel(element, ways(element));
  return panel(element, html`<p>${strings.signing.nothingToDecide(stateWords(now.signing))}</p>`);
}

/** @param {import("../signing.js").OcisignSigning} element @param {unknown} inside */
function panel(element, inside) {
  return html`<section class="panel stack" aria-labelledby="decision" part="decision">
    <h3 id="decision" tabindex="-1">${strings.signing.decision}</h3>
    ${doubtNotice(element)} ${refusalNotice(element)} ${inside}
  </section>`;
}

/** Who sees a mistake only after approving can still stop it. @param {import("../signing.js").OcisignSigning} element @param {import("ocisign").Signing} signing */
function afterwards(element, signing) {
  const { desk, foresight } = element;
  const mayStop = mayBeDecided(signing) && foresight.mayReject && desk.receipt?.decision === "approve";
  if (!mayStop) return nothing;
  return panel(element, desk.isRejecting ? rejectForm(element) : toRejection(element));
}

/** @param {import("../signing.js").OcisignSigning} element */
function ways(element) {
  const { desk, foresight } = element;
  if (desk.isRejecting && foresight.mayReject) return rejectForm(element);
  return html`${ability(element)}
    ${mayApprove(element) ? html`${consequences(element)}${approveForm(element)}` : nothing}
    ${foresight.mayReject ? toRejection(element) : nothing}`;
}

/** May you approve, and why not? @param {import("../signing.js").OcisignSigning} element */
function ability(element) {
  const words = strings.signing;
  const { foresight } = element;
  if (foresight.obstacle) {
    return html`<p class="notice warn" data-obstacle=${foresight.obstacle}>${words.obstacles[foresight.obstacle]}</p>`;
  }
  const blocked = onlyRejection(hindrances(element));
  if (blocked) return html`<p class="notice bad" data-obstacle=${blocked}>${hindranceWords(blocked)}</p>`;
  return html`<p>${foresight.known ? words.mayApprove : words.notSaid}</p>`;
}

/** @param {import("../signing.js").OcisignSigning} element */
function mayApprove(element) {
  return !element.foresight.obstacle && !onlyRejection(hindrances(element));
}

/** @param {import("../signing.js").OcisignSigning} element */
function toRejection(element) {
  const { reject } = strings.signing;
  const open = () => {
    element.desk.turn(true);
    element.focusOn("#reason");
  };
  return html`<p class="to-rejection"><button type="button" class="danger" id="to-rejection" ?disabled=${Boolean(element.desk.sending)} @click=${open}>${reject}</button></p>`;
}
