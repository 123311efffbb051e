// What the service took.
import { html } from "lit";
import { copyable, fact } from "../fragments/facts.js";
import { stateMark } from "../fragments/state-mark.js";
import { strings } from "../strings/index.ts";
import { exact } from "../text/text-element.ts";

/**
 * @param {import("ocisign").Signing} signing @param {string} canonical the image
 * @param {{ copyButton: (what: string, text: string) => unknown, open: () => void, another: () => void }} on
 */
export function confirmation(signing, canonical, { copyButton, open, another }) {
  const words = strings.request;
  return html`<section class="panel stack" part="confirmation" aria-labelledby="taken-heading">
    <h3 id="taken-heading" tabindex="-1" class="good">✓ ${words.requested}</h3>
    <dl class="facts">
      ${fact(words.canonical, exact(canonical))}
      ${fact(words.requestId, copyable(signing.id, copyButton(words.requestId, signing.id)))}
      ${fact(words.state, stateMark(signing))}
    </dl>
    <div class="row">
      <button type="button" class="primary" @click=${open}>${words.open}</button>
      <button type="button" @click=${another}>${words.another}</button>
    </div>
  </section>`;
}
