// What kind of thing the image is, as far as the registry says so.

import { html } from "lit";
import { busy } from "../fragments/busy.js";
import { imageDescription } from "../fragments/image-description.js";
import { codeOf, wordsOf } from "../model/errors.js";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";

/** @param {import("../controllers/reading.js").Reading<import("ocisign").ImageDescription>} reading */
export function description({ state, value, error }) {
  const words = strings.signing;
  if (state === "failed") return failure(error);
  if (!value) return busy(words.describing);
  return imageDescription(value);
}

/** @param {unknown} error */
function failure(error) {
  const words = strings.signing;
  const { message } = wordsOf(error);
  if (codeOf(error) === "not-found") {
    return html`<div class="notice warn stack tight"><p>${words.notThere}</p><p class="small">${prose(message)}</p></div>`;
  }
  return html`<p class="hint">${words.notDescribed} ${prose(message)}</p>`;
}
