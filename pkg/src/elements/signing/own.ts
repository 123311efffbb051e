// What a requester does with a request: ask for it once more after it came to nothing, or have it taken back.
import { html, nothing } from "lit";
import { isSamePerson } from "../../shown/person.ts";
import { mayBeDecided } from "../model/foresight.ts";
import { strings } from "../strings/index.ts";
import { copyLink } from "./head.ts";
import type { SigningPage } from "./page.ts";

export function own(element: SigningPage) {
  const { now } = element;
  if (!now) return nothing;
  const { signing } = now;
  if (signing.final) return signing.state === "signed" ? nothing : requestAgain(element);
  return mayBeDecided(signing) ? takeBack(element) : nothing;
}

/** The page opens the form with what this request says. */
function requestAgain(element: SigningPage) {
  const again = () => {
    if (element.now) element.emit("ocisign-request-again", { signing: element.now.signing });
  };
  return html`<div class="row"><button type="button" id="request-again" @click=${again}>
    ${strings.signing.requestAgain}</button></div>`;
}

/** A requester who can neither withdraw nor reject it needs an approver, who needs the link. */
function takeBack(element: SigningPage) {
  const { shown, identity, foresight } = element;
  if (foresight.mayReject || !isSamePerson(shown?.requester, identity)) return nothing;
  return html`<p class="hint" id="take-back">${strings.signing.askToReject} ${copyLink(element)}</p>`;
}
