// What changed since the last signed version, directly under the head: it is what an approver asks first.
import { html, nothing } from "lit";
import "../changes.ts";
import type { SigningPage } from "./page.ts";

/** A page that fills the slot shows something else in its place. */
export function whatChanged(element: SigningPage) {
  return html`<slot name="changes">${own(element)}</slot>`;
}

/** Without an image there is nothing to compare, and that is said where the image stands. */
function own(element: SigningPage) {
  const { client, shown, findings, groupNames, peopleNames } = element;
  if (!shown?.image) return nothing;
  return html`<ocisign-changes level="3" .client=${client} .registry=${findings.registry} .signing=${shown.signing}
    .publicKey=${findings.key} .groupNames=${groupNames} .peopleNames=${peopleNames}
    @ocisign-error=${toldHere}></ocisign-changes>`;
}

/** What could not be compared is no failure of the request, and is told where it would stand. */
function toldHere(event: Event) {
  event.stopPropagation();
}
