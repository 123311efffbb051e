// From one request to another, in the order of the queue that the page knows.
import { html, nothing } from "lit";
import type { SigningId } from "ocisign";
import { strings } from "../strings/index.ts";
import type { SigningPage } from "./page.ts";

export function moves(element: SigningPage) {
  const { previousId, nextId } = element;
  const { previous, next } = strings.signing;
  if (!previousId && !nextId) return nothing;
  return html`<span class="moves">
    ${move(element, "ocisign-previous", previousId, previous, "‹")} ${move(element, "ocisign-next", nextId, next, "›")}
  </span>`;
}

function move(
  element: SigningPage,
  event: "ocisign-previous" | "ocisign-next",
  id: SigningId | undefined,
  name: string,
  sign: string,
) {
  const go = () => {
    if (id) element.emit(event, { id });
  };
  return html`<button type="button" class="small" aria-label=${name} title=${name} ?disabled=${!id}
    @click=${go}><span aria-hidden="true">${sign}</span></button>`;
}
