import { html, nothing } from "lit";
import { strings } from "../strings/index.js";
import { exact } from "../text/text-element.js";

/** Which key it is, as soon as it can be read. @param {import("ocisign").PublicKey | undefined} key @param {(what: string, text: string) => unknown} copyButton */
export function keyFound(key, copyButton) {
  const { keyType, fingerprint } = strings.verify;
  if (!key) return nothing;
  return html`<dl class="facts" id="key-found">
    <dt>${keyType}</dt>
    <dd>${key.keyType}</dd>
    <dt>${fingerprint}</dt>
    <dd class="row">${exact(key.fingerprint)} ${copyButton(fingerprint, key.fingerprint)}</dd>
  </dl>`;
}
