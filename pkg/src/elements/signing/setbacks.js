// A decision that was not taken, and one of which nobody knows.

import { html, nothing } from "lit";
import { wordsOf } from "../model/errors.js";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";

/** @param {import("../signing.js").OcisignSigning} element */
export function refusalNotice(element) {
  const { refusal } = element.desk;
  if (refusal === undefined) return nothing;
  return html`<div class="stack tight" data-refusal>${element.problem(refusal)}<p>${strings.signing.nothingTaken}</p></div>`;
}

/** @param {import("../signing.js").OcisignSigning} element */
export function doubtNotice(element) {
  const words = strings.signing;
  const { doubt } = element.desk;
  if (!doubt) return nothing;
  const { decision, error } = doubt;
  if (isTaken(element, decision)) {
    return html`<p class="notice good" role="status" data-doubt="ended">${words.doubtEnded[decision]}</p>`;
  }
  const { message } = wordsOf(error);
  return html`<div class="notice warn stack tight" role="alert" data-doubt="open">
    <p><strong>${words.doubt[decision]}</strong></p>
    <p>${words.doubtAdvice}</p>
    <p class="small">${prose(message)}</p>
  </div>`;
}

/** What a later look says. @param {import("../signing.js").OcisignSigning} element @param {import("./desk.js").Decision} decision */
function isTaken({ now, identity }, decision) {
  if (decision === "reject") return now?.signing.state === "rejected";
  const me = identity?.objectId;
  return me !== undefined && now?.approvals.some(({ person }) => person.objectId === me);
}
