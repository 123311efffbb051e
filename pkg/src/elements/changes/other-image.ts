// The form that names another image to compare with: any reference, with a digest or a tag.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import type { OcisignElement } from "../base.ts";
import { valueIn } from "../fragments/event-values.ts";
import { withoutBlankEnds } from "../model/blank-ends.ts";
import { strings } from "../strings/index.ts";
import type { Comparing } from "./comparing.ts";

/** The element that the form is drawn for. */
interface Host extends OcisignElement {
  typed: string;
  readonly comparing: Comparing;
}

export function otherImage(element: Host) {
  const words = strings.changes;
  const { comparing, typed } = element;
  const send = (event: Event) => {
    event.preventDefault();
    const text = withoutBlankEnds(element.typed);
    if (text === "") return;
    comparing.choose(text);
    // The form goes away while the images are compared.
    element.focusOn("#title");
  };
  const back = () => {
    comparing.choose(undefined);
    element.focusOn("#title");
  };
  return html`<details part="other" ?open=${comparing.chosen !== undefined && comparing.state === "failed"}>
    <summary>${words.compareWith}</summary>
    <form @submit=${send}>
      <label for="other-image">${words.other}</label>
      <div class="row">
        <textarea id="other-image" rows="1" spellcheck="false" autocapitalize="off" aria-describedby="other-hint"
          .value=${live(typed)} @input=${(event: Event) => {
            element.typed = valueIn(event);
          }} @keydown=${sendByEnter}></textarea>
        <button type="submit">${words.compare}</button>
      </div>
      <p class="hint" id="other-hint">${words.otherHint}</p>
    </form>
    ${
      comparing.chosen === undefined
        ? nothing
        : html`<p><button type="button" class="small" id="with-last" @click=${back}>${words.withLast}</button></p>`
    }
  </details>`;
}

/** A reference is one line. */
function sendByEnter(event: KeyboardEvent) {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  if (event.target instanceof HTMLTextAreaElement) event.target.form?.requestSubmit();
}
