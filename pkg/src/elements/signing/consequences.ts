// What happens when this person approves last: in one sentence. Key and digest stand above, whole.
import { html, nothing } from "lit";
import { strings } from "../strings/index.ts";
import { tailLength } from "./digest-tail.ts";
import type { SigningPage } from "./page.ts";

export function consequences(element: SigningPage) {
  const words = strings.signing;
  const { leaves } = element.foresight;
  if (leaves && leaves.length > 0) return nothing;
  return html`<p class="notice warn" part="consequence">
    <strong>${leaves ? words.isLast : words.mayBeLast}</strong> ${signature(element)} ${words.noWayBack}
  </p>`;
}

function signature({ shown, findings }: SigningPage) {
  const words = strings.signing;
  const reference = shown?.image;
  if (!reference) return nothing;
  const { registry, repository } = reference;
  const { fingerprint } = findings.key ?? {};
  const key = fingerprint ? html`<code>…${fingerprint.slice(-tailLength)}</code>` : words.theKeyUnknown;
  return html`${words.theKey} ${key} ${words.signs} <code>${registry}/${repository}</code>.`;
}
