// Texts in rows: only their beginning, since one long text must not push the others out of sight.
import { html, nothing } from "lit";
import { strings } from "../strings/index.ts";
import { beginning } from "../text/one-line.ts";
import { exact, prose } from "../text/text-element.ts";

/** The number of characters that are shown unless the caller says another. */
const usual = 100;
/** A text's length is worth telling from this number of characters on. */
const unusual = 2000;

/** The beginning of a text in a language. */
export function briefProse(text: string, length: number = usual) {
  // Within the text, so that it does not end up on a line by itself.
  const isCut = text.length > length;
  return html`${prose(isCut ? `${beginning(text, length).trimEnd()}…` : text)}${isCut ? size(text) : nothing}`;
}

/** The beginning of a text in ASCII. */
export function briefExact(text: string, length: number = usual) {
  if (text.length <= length) return exact(text);
  return html`${exact(beginning(text, length))}…${size(text)}`;
}

function size(text: string) {
  return text.length > unusual
    ? html` <span class="hint">(${strings.approvals.cut(text.length)})</span>`
    : nothing;
}
