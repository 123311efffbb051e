import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { markedReference } from "../fragments/marked-reference.js";
import { strings } from "../strings/index.ts";

/**
 * The field for the image, and below it what is wrong with what stands there.
 *
 * @param {{ value: string, text: string, error: unknown }} given as it stands there, as it was read, and why it was not
 * @param {(value: string) => void} onType
 */
export function referenceInput({ value, text, error }, onType) {
  const { image, referenceHint } = strings.verify;
  return html`<div class="stack tight">
    <label for="reference">${image}</label>
    <textarea
      id="reference"
      part="field"
      rows="1"
      class="exact"
      spellcheck="false"
      autocapitalize="off"
      aria-required="true"
      aria-describedby="reference-help"
      aria-invalid=${error ? "true" : nothing}
      .value=${live(value)}
      @input=${(/** @type {any} */ { target }) => onType(target.value)}
      @keydown=${submitByEnter}
    ></textarea>
    <div id="reference-help">
      ${error ? markedReference(text, error) : html`<p class="hint">${referenceHint}</p>`}
    </div>
  </div>`;
}

/** A reference is one line. @param {KeyboardEvent} event */
function submitByEnter(event) {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
}
