// A decision that was refused, and one that the service may or may not have accepted.

import { html, nothing } from "lit";
import { isSamePerson } from "../../shown/person.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";
import type { Decision } from "./desk.ts";
import type { SigningPage } from "./page.ts";

export function refusalNotice(element: SigningPage) {
  const { refusal, doubt } = element.desk;
  if (refusal === undefined) return nothing;
  // An earlier try may have been taken, and this one be refused for that.
  const untaken = doubt ? nothing : html`<p>${strings.signing.nothingTaken}</p>`;
  return html`<div class="stack tight" data-refusal>${element.problem(refusal, undefined, "decide")}${untaken}</div>`;
}

export function doubtNotice(element: SigningPage) {
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

/** What a later look says. */
function isTaken({ now, identity }: SigningPage, decision: Decision) {
  if (decision === "reject") return now?.signing.state === "rejected";
  return now?.approvals.some(({ person }) => isSamePerson(person, identity));
}
