// What the service took.
import { html } from "lit";
import { strings } from "../strings/index.js";
import { exact } from "../text/text-element.js";

/**
 * @param {import("ocisign").Signing} signing @param {string} canonical the image
 * @param {{ copyButton: (what: string, text: string) => unknown, open: () => void, another: () => void }} on
 */
export function confirmation(signing, canonical, { copyButton, open, another }) {
  const words = strings.request;
  return html`<section class="panel stack" part="confirmation" aria-labelledby="taken-heading">
    <h3 id="taken-heading" tabindex="-1" class="good">✓ ${words.requested}</h3>
    <dl class="facts">
      <dt>${words.canonical}</dt>
      <dd>${exact(canonical)}</dd>
      <dt>${words.requestId}</dt>
      <dd>${exact(signing.id)} ${copyButton(words.requestId, signing.id)}</dd>
      <dt>${words.state}</dt>
      <dd><span class="state ${tones[signing.state] ?? ""}">${stateOf(signing)}</span></dd>
    </dl>
    <div class="row">
      <button type="button" class="primary" @click=${open}>${words.open}</button>
      <button type="button" @click=${another}>${words.another}</button>
    </div>
  </section>`;
}

/** @type {Partial<Record<import("ocisign").SigningState, string>>} */
const tones = { signed: "good", rejected: "bad", failed: "bad", waiting: "warn" };

/** @param {import("ocisign").Signing} signing */
function stateOf({ state, code }) {
  return strings.common.states[state] ?? strings.common.unknownState(code);
}
