// What kind of thing the image is, as far as the registry says so.

import { html } from "lit";
import type { ImageDescription } from "ocisign";
import type { Reading } from "../controllers/reading.ts";
import { imageSummary } from "../fragments/image-description.ts";
import { busy } from "../fragments/marks.ts";
import { codeOf, wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";

/** Of the reading, whatever it depends on. */
type Described = Pick<Reading<ImageDescription, readonly unknown[]>, "state" | "value" | "error">;

export function description({ state, value, error }: Described) {
  const words = strings.signing;
  if (state === "failed") return failure(error);
  if (!value) return busy(words.describing);
  return imageSummary(value);
}

function failure(error: unknown) {
  const words = strings.signing;
  const { message } = wordsOf(error);
  if (codeOf(error) === "not-found") {
    return html`<div class="notice warn stack tight"><p>${words.notThere}</p>
      <p class="small">${prose(message)}</p></div>`;
  }
  return html`<p class="hint">${words.notDescribed} ${prose(message)}</p>`;
}
