// Texts in rows: only their beginning, since one long text must not push the others out of sight.
import { html, nothing } from "lit";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";

/** So many characters are shown where nothing else is said. */
const usual = 100;
/** From so many characters on, a text's length is worth telling. */
const unusual = 2000;

/** The beginning of a text in a language. @param {string} text @param {number} [length] */
export function briefProse(text, length = usual) {
  // Within the text, so that it does not end up on a line by itself.
  const isCut = text.length > length;
  return html`${prose(isCut ? `${beginning(text, length).trimEnd()}…` : text)}${isCut ? size(text) : nothing}`;
}

/** The beginning of a text in ASCII. @param {string} text @param {number} [length] */
export function briefExact(text, length = usual) {
  if (text.length <= length) return exact(text);
  return html`${exact(beginning(text, length))}…${size(text)}`;
}

/** @param {string} text @param {number} [length] */
export function beginning(text, length = usual) {
  // Half a character would be shown as one that is hidden.
  return text.length > length ? text.slice(0, length).replace(/[\ud800-\udbff]$/, "") : text;
}

/** @param {string} text */
function size(text) {
  return text.length > unusual
    ? html` <span class="hint">(${strings.approvals.cut(text.length)})</span>`
    : nothing;
}
