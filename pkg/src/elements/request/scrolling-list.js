import { html } from "lit";
import { inSteps } from "../fragments/unfolding.js";

/** So many are drawn at once. */
const step = 50;

/** A list of any length in little room. @template T @param {string} label @param {readonly T[]} items @param {(item: T) => unknown} draw */
export function scrollingList(label, items, draw) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${label}>${inSteps(items, draw, step)}</div>`;
}
