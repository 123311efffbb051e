import { html, nothing } from "lit";
import { copyable, fact } from "../fragments/facts.js";
import { strings } from "../strings/index.ts";

/** Which key it is, as soon as it can be read. @param {import("ocisign").PublicKey | undefined} key @param {(what: string, text: string) => unknown} copyButton */
export function keyFound(key, copyButton) {
  const { keyType, fingerprint } = strings.verify;
  if (!key) return nothing;
  return html`<dl class="facts" id="key-found">
    ${fact(keyType, key.keyType)}
    ${fact(fingerprint, copyable(key.fingerprint, copyButton(fingerprint, key.fingerprint)))}
  </dl>`;
}
