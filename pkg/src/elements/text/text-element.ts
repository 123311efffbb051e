// Shows a text from elsewhere as text only. It points out everything that the text hides, and folds a text that would
// push the rest out of sight.
import { css, html, LitElement, type PropertyValues } from "lit";
import { asText } from "../../shown/as-text.ts";
import { type Kind, pieces, visibleText } from "../../shown/hidden-characters.ts";
import { define } from "../define.ts";
import { styleAgain, styledRoot } from "../own-styles.ts";
import { property } from "../property.ts";
import { strings } from "../strings/index.ts";
import { unseen } from "../styles.ts";
import { pieceMark, pieceStyles } from "./piece-mark.ts";

/** A text with a line break for every line is far below it. */
const mostPieces = 200;

/**
 * `<ocisign-text .value=${anything}>`. While a part of its text is folded it has the attribute `folded`, and
 * `ocisign-fold` bubbles when that changes: approvers should open what they approve.
 */
export class OcisignText extends LitElement {
  static override styles = [
    unseen,
    pieceStyles,
    css`
      :host {
        overflow-wrap: anywhere;
        unicode-bidi: isolate;
      }
      .exact,
      .exact * {
        font-family: var(--o-mono);
        font-size: 0.96em;
      }
      /* Marks that pile up stay within their own lines. */
      .text {
        overflow: clip;
        overflow-clip-margin: 3px;
        display: inline-block;
        max-inline-size: 100%;
        vertical-align: top;
        white-space: pre-wrap;
      }
      pre {
        margin: 0.5rem 0 0;
        padding: 0.75rem;
        max-block-size: 20rem;
        overflow: auto;
        white-space: pre-wrap;
        font: 0.875em / 1.5 var(--o-mono);
        border: 1px solid var(--o-line);
        border-radius: var(--o-radius);
        background: var(--o-raised);
      }
      button {
        font: 600 0.875em / 1.2 var(--o-font);
        min-block-size: 1.75rem;
        padding: 0.125rem 0.5rem;
        border: 1px solid var(--o-warn);
        border-radius: var(--o-radius);
        background: var(--o-warn-surface);
        color: var(--o-warn);
        cursor: pointer;
      }
      :focus-visible {
        outline: 3px solid var(--o-focus);
        outline-offset: 2px;
      }
    `,
  ];

  /** Texts are shown as they are, anything else as JSON. */
  @property({ attribute: false }) value: unknown;
  @property() kind: Kind = "prose";
  /** How many characters are shown at once. */
  @property({ type: Number }) limit = 2000;
  @property({ type: Boolean, reflect: true }) folded = false;
  /** The whole text is shown. */
  opened = false;

  #beginning = beginningOf("", "prose", 0);

  override createRenderRoot() {
    return styledRoot(this);
  }

  adoptedCallback() {
    styleAgain(this);
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has("value") && changed.get("value") !== this.value) this.opened = false;
    // To open it changes none of its properties.
    if (changed.size > 0) this.#beginning = beginningOf(asText(this.value), this.kind, this.limit);
    const folded = this.#beginning.isCut && !this.opened;
    if (folded === this.folded) return;
    this.folded = folded;
    this.dispatchEvent(new CustomEvent("ocisign-fold", { bubbles: true, composed: true }));
  }

  override render() {
    const { shown, isCut } = this.#beginning;
    const text = html`<span class="text ${this.kind}" dir=${this.kind === "exact" ? "ltr" : "auto"}
      >${shown.map((piece) => pieceMark(piece, this.kind))}</span>`;
    return isCut ? html`${text}${this.#rest(asText(this.value))}` : text;
  }

  #rest(text: string) {
    const { folded, unfold, whole } = strings.text;
    if (!this.opened) {
      return html`… <button type="button" @click=${this.#open}>${folded(text.length)} ${unfold}</button>`;
    }
    return html`<pre tabindex="0" role="region" aria-label=${whole(text.length)}>${visibleText(text, this.kind)}</pre>`;
  }

  #open() {
    this.opened = true;
    this.requestUpdate();
  }
}

/**
 * As much of a text as is shown at once. What hides much ends sooner: each mark is an element, and a page of texts that
 * are nothing else would take long to draw.
 */
function beginningOf(text: string, kind: Kind, limit: number) {
  const found = pieces(text.slice(0, limit).replaceAll("\r\n", "\n"), kind);
  return { shown: found.slice(0, mostPieces), isCut: text.length > limit || found.length > mostPieces };
}

define("ocisign-text", OcisignText);

/** Text in a language. */
export function prose(value: unknown) {
  return html`<ocisign-text .value=${value}></ocisign-text>`;
}

/** Text in ASCII: a reference, an identifier, a name in a configuration. */
export function exact(value: unknown) {
  return html`<ocisign-text kind="exact" .value=${value}></ocisign-text>`;
}
