// Draws only when a person asks for it what would be too much at once: a list step by step, and folded details once
// they are opened. An index may name hundreds of manifests, and each may hold a thousand signatures.
import { html, nothing } from "lit";
import { AsyncDirective, directive } from "lit/async-directive.js";
import { forgotten, isPrinting, printed } from "../controllers/printing.ts";
import { strings } from "../strings/index.ts";

type Draw = () => unknown;

class DrawnOnceOpened extends AsyncDirective {
  #opened = false;
  #summary: unknown = nothing;
  #draw: Draw = () => nothing;

  render(summary: unknown, draw: Draw) {
    printed(this);
    this.#summary = summary;
    this.#draw = draw;
    return this.#template();
  }

  #template() {
    return html`<details @toggle=${this.#open}>
      <summary>${this.#summary}</summary>
      ${this.#opened || isPrinting() ? this.#draw() : nothing}
    </details>`;
  }

  drawAgain() {
    this.setValue(this.#template());
  }

  override disconnected() {
    forgotten(this);
  }

  override reconnected() {
    printed(this);
  }

  #open = () => {
    if (this.#opened) return;
    this.#opened = true;
    this.setValue(this.#template());
  };
}

/** More of a list would be pages that nobody reads. */
const mostPrinted = 1000;

class InSteps extends AsyncDirective {
  #shown = 0;
  #items: readonly unknown[] = [];
  #drawFirst: (count: number) => unknown[] = () => [];
  #step = 0;

  render(items: readonly unknown[], drawFirst: (count: number) => unknown[], step: number) {
    printed(this);
    if (this.#items !== items) this.#shown = step;
    this.#items = items;
    this.#drawFirst = drawFirst;
    this.#step = step;
    return this.#template();
  }

  #template() {
    const { showMore, notPrinted } = strings.common;
    const shown = isPrinting() ? Math.max(this.#shown, mostPrinted) : this.#shown;
    const left = this.#items.length - shown;
    const words = showMore(Math.min(left, this.#step), left);
    const more = isPrinting()
      ? notPrinted(left)
      : html`<button type="button" class="small" @click=${this.#more}>${words}</button>`;
    return html`<ul class="stack tight plain-list" role="list">
        ${this.#drawFirst(shown).map((item) => html`<li tabindex="-1">${item}</li>`)}
      </ul>
      ${left > 0 ? html`<p>${more}</p>` : nothing}`;
  }

  drawAgain() {
    this.setValue(this.#template());
  }

  override disconnected() {
    forgotten(this);
  }

  override reconnected() {
    printed(this);
  }

  #more = ({ currentTarget }: Event) => {
    const button = currentTarget instanceof Element ? currentTarget : undefined;
    const list = button?.parentElement?.previousElementSibling;
    const first = this.#shown;
    this.#shown += this.#step;
    this.setValue(this.#template());
    // The button may be gone, and with it the place on the page.
    const next = list?.children[first];
    if (next instanceof HTMLElement) next.focus();
  };
}

/** A `<details>` whose inside is drawn when it is opened first. */
export const drawnOnceOpened: (summary: unknown, draw: Draw) => unknown = directive(DrawnOnceOpened);

const steps = directive(InSteps);

/** A list that shows `step` items, and as many again by each press of a button. */
export function inSteps<T>(items: readonly T[], draw: (item: T, index: number) => unknown, step: number) {
  return steps(items, (count) => items.slice(0, count).map(draw), step);
}

/** The number of items of a list in little room that are drawn at once. */
const scrollingStep = 50;

/** A list of any length in little room. */
export function scrollingList<T>(label: string, items: readonly T[], draw: (item: T) => unknown) {
  return html`<div class="scroll" tabindex="0" role="group"
    aria-label=${label}>${inSteps(items, draw, scrollingStep)}</div>`;
}
