// What happens when this person approves.
import { html, nothing } from "lit";
import { fact } from "../fragments/facts.ts";
import { groupWords } from "../fragments/named.ts";
import { strings } from "../strings/index.ts";
import { exact } from "../text/text-element.ts";
import type { SigningPage } from "./page.ts";

export function consequences(element: SigningPage) {
  const words = strings.signing;
  const { leaves } = element.foresight;
  if (leaves && leaves.length > 0) {
    return html`<p data-leaves=${leaves.length}>${words.leaves(groupWords(leaves, element.names).join(", "))}</p>`;
  }
  return html`<div class="notice warn stack tight" part="consequence">
    <p><strong>${leaves ? words.isLast : words.mayBeLast}</strong></p>
    ${signature(element)}
    <p>${words.noWayBack}</p>
  </div>`;
}

function signature({ shown, findings }: SigningPage) {
  const words = strings.signing;
  const reference = shown?.image;
  if (!reference) return nothing;
  return html`<dl class="facts">
    ${fact(words.theKey, findings.key ? exact(findings.key.fingerprint) : words.theKeyUnknown)}
    ${fact(words.signs, exact(reference.digest))}
    ${fact(words.pushed, exact(reference.registry))}
  </dl>`;
}
