// Rows of a list of facts, as `dl.facts` holds them.
import { html, nothing } from "lit";
import { exact } from "../text/text-element.ts";
import { fullTime } from "../text/time.ts";

export function fact(name: unknown, value: unknown) {
  return html`<dt>${name}</dt><dd>${value}</dd>`;
}

/** One that takes the whole line, where others stand two in a line. */
export function wideFact(name: unknown, value: unknown) {
  return html`<dt class="first">${name}</dt><dd class="wide">${value}</dd>`;
}

/**
 * A row that is left out when there is nothing to say.
 *
 * @param value what decides
 */
export function factIf(name: unknown, value: unknown, shown: unknown = value) {
  return value === undefined || value === "" ? nothing : fact(name, shown);
}

/** A text beside what copies it, which stands in the same place however long the text is. */
export function copyable(text: string, button: unknown) {
  return html`<div class="copyable">${exact(text)} ${button}</div>`;
}

/** @param words in place of the time itself */
export function moment(date: Date, words: string = fullTime(date)) {
  return html`<time datetime=${date.toISOString()} title=${fullTime(date)}>${words}</time>`;
}
