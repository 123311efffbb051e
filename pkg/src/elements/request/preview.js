// The exact JSON that will be sent.
import { html, nothing } from "lit";
import { strings } from "../strings/index.ts";
import { pieces } from "../text/hidden-characters.ts";

/** So much of it is drawn. */
const longest = 20_000;

/**
 * @param {import("ocisign").SigningRequestBody} body
 * @param {object} given
 * @param {number} given.count so many images are asked for
 * @param {boolean} given.isOpen @param {(isOpen: boolean) => void} given.onToggle
 * @param {(what: string, text: string) => unknown} given.copyButton
 */
export function preview(body, { count, isOpen, onToggle, copyButton }) {
  const words = strings.request;
  return html`<details part="preview" ?open=${isOpen} @toggle=${(/** @type {any} */ event) => onToggle(event.target.open)}>
    <summary>${words.preview}</summary>
    ${isOpen ? opened(body, count, copyButton) : nothing}
  </details>`;
}

/** @param {import("ocisign").SigningRequestBody} body @param {number} count @param {(what: string, text: string) => unknown} copyButton */
function opened(body, count, copyButton) {
  const words = strings.request;
  const json = JSON.stringify(body, null, 2);
  return html`<div class="stack tight">
    <div class="row between">
      <p class="hint">${count > 1 ? words.previewOfFirst(count) : words.previewOf}</p>
      ${copyButton(words.json, json)}
    </div>
    <pre tabindex="0" role="region" aria-label=${words.preview}>${visibleJson(json.slice(0, longest))}</pre>
    ${json.length > longest ? html`<p class="hint">${words.previewCut(json.length)}</p>` : nothing}
  </div>`;
}

/** The same JSON, with what nobody sees, or takes for something else, in JSON's own escapes. @param {string} json */
function visibleJson(json) {
  const lines = json.split("\n").map((line) =>
    pieces(line)
      .map((piece) => {
        if (piece.kind === "plain") return piece.text;
        const character =
          piece.kind === "hidden" ? String.fromCodePoint(piece.code).repeat(piece.times) : piece.text;
        return escaped(character);
      })
      .join(""),
  );
  return lines.join("\n");
}

/** @param {string} characters */
function escaped(characters) {
  const units = Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
