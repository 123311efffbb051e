import { html } from "lit";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";

/** That a trust file has no rule for the image, in the place of a verdict. */
export function refusal(error: unknown) {
  const { refused, notAsked } = strings.verify.trust;
  const { message, fix } = wordsOf(error);
  return html`<div class="verification">
    <div class="notice stack tight bad" part="verdict">
      <p class="outcome"><span aria-hidden="true">✕ </span><strong>${refused}</strong></p>
      <p>${prose(message)}</p>
      <p>${prose(fix)}</p>
      <p class="small">${notAsked}</p>
    </div>
  </div>`;
}
