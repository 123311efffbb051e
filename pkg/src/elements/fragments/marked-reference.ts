// Shows where a reference is wrong, and what to do about it.

import { css, html, nothing } from "lit";
import { visibleText } from "../../shown/hidden-characters.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { aroundByte } from "../text/place.ts";
import { prose } from "../text/text-element.ts";

/** The number of characters that are shown on each side of the place. */
const nearby = 160;

/**
 * The text with the place of its error marked, the error's message, and what to do. Its container is what the field
 * names in `aria-describedby`; it is not announced by itself, for a person types.
 *
 * @param text what was typed
 * @param error what parseReference threw, or an error of a scan
 */
export function markedReference(text: string, error: unknown) {
  const { message, fix } = wordsOf(error);
  const { offset }: { offset?: unknown } = Object(error);
  return html`<div class="marked-reference stack tight" part="reference-error">
    ${typeof offset === "number" && Number.isSafeInteger(offset) && text !== "" ? marked(text, offset) : nothing}
    <p class="bad">${prose(message)}</p>
    ${fix ? html`<p class="hint">${prose(fix)}</p>` : nothing}
  </div>`;
}

function marked(text: string, offset: number) {
  const { before, at, after } = aroundByte(text, offset);
  const { wrongHere, atTheEnd } = strings.text;
  const start = before.length > nearby ? "…" : "";
  const end = after.length > nearby ? "…" : "";
  return html`<p class="small"><code class="marked-text" dir="ltr"
    >${start}${visibleText(before.slice(-nearby), "exact")}<mark class=${at === "" ? "end" : ""}
      ><span class="unseen"> ${at === "" ? atTheEnd : wrongHere} </span>${visibleText(at, "exact")}</mark
    >${visibleText(after.slice(0, nearby), "exact")}${end}</code></p>`;
}

export const markedReferenceStyles = css`
  /* What is written from right to left would otherwise change the order of what is around it. */
  .marked-text {
    unicode-bidi: isolate-override;
    white-space: pre-wrap;
  }
  .marked-text mark {
    background: var(--o-bad-surface);
    color: var(--o-bad);
    font-weight: 700;
    border-radius: 3px;
    outline: 2px solid var(--o-bad);
    padding-inline: 1px;
  }
  .marked-text mark.end {
    padding-inline: 0.25em;
  }
`;
