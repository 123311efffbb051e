import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { valueIn } from "../fragments/event-values.ts";
import { markedReference } from "../fragments/marked-reference.ts";
import { strings } from "../strings/index.ts";

/**
 * The field for the image, and below it the error of its text.
 *
 * @param given as it stands there, as it was read, and why it was not
 */
export function referenceInput(
  { value, text, error }: { value: string; text: string; error: unknown },
  onType: (value: string) => void,
) {
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
      @input=${(event: Event) => onType(valueIn(event))}
      @keydown=${submitByEnter}
    ></textarea>
    <div id="reference-help">
      ${error ? markedReference(text, error) : html`<p class="hint">${referenceHint}</p>`}
    </div>
  </div>`;
}

/** A reference is one line. */
function submitByEnter(event: KeyboardEvent) {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  if (event.target instanceof HTMLTextAreaElement) event.target.form?.requestSubmit();
}
