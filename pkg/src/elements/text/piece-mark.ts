// How a piece of a foreign text is drawn: as it is, or marked where it hides something.
import { css, html, nothing } from "lit";
import { codePoint, type Kind, type Piece } from "../../shown/hidden-characters.ts";
import { strings } from "../strings/index.ts";

const lineFeed = 0x0a;

export function pieceMark(piece: Piece, kind: Kind) {
  if (piece.kind === "plain") return piece.text;
  const name = strings.text.characterNames[codePoint(piece.code)];
  const title = `${codePoint(piece.code)}${name ? ` ${name}` : ""}`;
  if (piece.kind === "look-alike") {
    const { lookAlike } = strings.text;
    const code = codePoint(piece.code);
    return html`<span class="look-alike" title=${lookAlike(title)}><bdi>${piece.text}</bdi> ${code}</span>`;
  }
  const isBreak = piece.code === lineFeed && kind === "prose";
  const times = piece.times > 1 ? `×${piece.times}` : "";
  const sign = isBreak ? "↵" : codePoint(piece.code);
  const unseen = html`<span class="unseen">${strings.text.hidden(title)}</span>`;
  const mark = html`<span aria-hidden="true">${sign}${times}</span>${unseen}`;
  const lineBreak = isBreak ? html`<br />` : nothing;
  return html`<span class="hidden" title=${strings.text.hidden(title)}>${mark}</span>${lineBreak}`;
}

/** Beside the styles of what is unseen. */
export const pieceStyles = css`
  .hidden,
  .look-alike {
    background: var(--o-warn-surface);
    color: var(--o-warn);
    border-radius: 3px;
    box-shadow: 0 0 0 1px var(--o-warn);
    margin-inline: 2px;
    padding-inline: 3px;
    font: 600 0.8em / 1.2 var(--o-mono);
    unicode-bidi: isolate;
  }
  .look-alike bdi {
    font-size: 1.2em;
  }
`;
