// What would be too much at once is drawn when somebody asks for it: a list step by step, what is folded once it is
// opened. An index may name hundreds of manifests, and each may hold a thousand signatures.
import { html, nothing } from "lit";
import { AsyncDirective, directive } from "lit/async-directive.js";
import { strings } from "../strings/index.ts";

/** @typedef {(...values: any[]) => unknown} Draw */

class DrawnOnceOpened extends AsyncDirective {
  #opened = false;
  /** @type {unknown} */
  #summary = nothing;
  /** @type {Draw} */
  #draw = () => nothing;

  /** @param {unknown} summary @param {Draw} draw */
  render(summary, draw) {
    this.#summary = summary;
    this.#draw = draw;
    return this.#template();
  }

  #template() {
    return html`<details @toggle=${this.#open}>
      <summary>${this.#summary}</summary>
      ${this.#opened ? this.#draw() : nothing}
    </details>`;
  }

  #open = () => {
    if (this.#opened) return;
    this.#opened = true;
    this.setValue(this.#template());
  };
}

class InSteps extends AsyncDirective {
  #shown = 0;
  /** @type {readonly unknown[]} */
  #items = [];
  /** @type {Draw} */
  #draw = () => nothing;
  #step = 0;

  /** @param {readonly unknown[]} items @param {Draw} draw @param {number} step */
  render(items, draw, step) {
    if (this.#items !== items) this.#shown = step;
    this.#items = items;
    this.#draw = draw;
    this.#step = step;
    return this.#template();
  }

  #template() {
    const { showMore } = strings.common;
    const left = this.#items.length - this.#shown;
    return html`<ul class="stack tight plain-list" role="list">
        ${this.#items.slice(0, this.#shown).map((item, index) => html`<li tabindex="-1">${this.#draw(item, index)}</li>`)}
      </ul>
      ${left > 0 ? html`<p><button type="button" class="small" @click=${this.#more}>${showMore(Math.min(left, this.#step), left)}</button></p>` : nothing}`;
  }

  #more = (/** @type {Event} */ { currentTarget }) => {
    const list = /** @type {Element} */ (currentTarget).parentElement?.previousElementSibling;
    const first = this.#shown;
    this.#shown += this.#step;
    this.setValue(this.#template());
    // The button may be gone, and with it the place on the page.
    /** @type {HTMLElement | undefined} */ (list?.children[first])?.focus();
  };
}

/** A `<details>` whose inside is drawn when it is opened first. @type {(summary: unknown, draw: Draw) => unknown} */
export const drawnOnceOpened = directive(DrawnOnceOpened);

/** A list of which so many items are shown, and as many again by each press of a button. @type {<T>(items: readonly T[], draw: (item: T, index: number) => unknown, step: number) => unknown} */
export const inSteps = directive(InSteps);
