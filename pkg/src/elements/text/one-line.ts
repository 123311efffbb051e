// A foreign text in a list: one line, cut at its end, with everything marked that it hides. Without an element of its
// own, for a page of a list holds hundreds of them.
import { css, html, nothing } from "lit";
import { type Kind, pieces, visibleText } from "../../shown/hidden-characters.ts";
import { pieceMark } from "./piece-mark.ts";

/** The number of characters that are drawn; a line seldom has room for more. */
const drawn = 120;
/** Those that pointing at it shows. */
const told = 600;
/** What hides much is drawn as elements, each wider than a character. */
const mostPieces = 40;
/** What hides nothing, in either kind: letters, digits and signs of ASCII, with single spaces between. */
const plain = /^[!-~]+(?: [!-~]+)*$/;

/** @param label what it is, for those who point at it or listen to it */
export function oneLine(text: string, { kind = "prose", label = "" }: { kind?: Kind; label?: string } = {}) {
  const whole = beginning(text, told);
  const title = `${label === "" ? "" : `${label}: `}${visibleText(whole, kind)}${whole.length < text.length ? "…" : ""}`;
  const shown = beginning(text, drawn);
  return html`<span class="line ${kind}" dir=${kind === "exact" ? "ltr" : "auto"} title=${title}
    >${label === "" ? nothing : html`<span class="unseen">${label}: </span>`}${marked(shown, kind)}${
      shown.length < text.length ? "…" : nothing
    }</span>`;
}

function marked(text: string, kind: Kind) {
  if (plain.test(text)) return text;
  // A line break is marked as in a reference: it must not end the line.
  return pieces(text, kind)
    .slice(0, mostPieces)
    .map((piece) => pieceMark(piece, "exact"));
}

/** The first characters of a text; half of a character would be shown as one that is hidden. */
export function beginning(text: string, length: number) {
  return text.length > length ? text.slice(0, length).replace(/[\ud800-\udbff]$/, "") : text;
}

export const oneLineStyles = css`
  .line {
    display: inline-block;
    min-inline-size: 0;
    max-inline-size: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: pre;
    vertical-align: bottom;
    unicode-bidi: isolate;
  }
  .line.exact {
    font-family: var(--o-mono);
    font-size: 0.96em;
  }
`;
