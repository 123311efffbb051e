// The exact JSON that will be sent.
import { html, nothing } from "lit";
import type { SigningRequestBody } from "ocisign";
import { pieces } from "../../shown/hidden-characters.ts";
import { isOpenIn } from "../fragments/event-values.ts";
import { strings } from "../strings/index.ts";

/** The number of characters that are drawn. */
const longest = 20_000;

export function preview(
  body: SigningRequestBody,
  {
    count,
    isOpen,
    onToggle,
    copyButton,
  }: {
    /** The number of images. */
    count: number;
    isOpen: boolean;
    onToggle: (isOpen: boolean) => void;
    copyButton: (what: string, text: string) => unknown;
  },
) {
  const words = strings.request;
  return html`<details part="preview" ?open=${isOpen} @toggle=${(event: Event) => onToggle(isOpenIn(event))}>
    <summary>${words.preview}</summary>
    ${isOpen ? opened(body, count, copyButton) : nothing}
  </details>`;
}

function opened(
  body: SigningRequestBody,
  count: number,
  copyButton: (what: string, text: string) => unknown,
) {
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

/** The same JSON, with JSON's own escapes for characters that are invisible or look like others. */
function visibleJson(json: string) {
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

function escaped(characters: string) {
  const units = Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
