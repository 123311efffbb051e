// Rows of a list of facts, as `dl.facts` holds them.
import { html, nothing } from "lit";
import { exact } from "../text/text-element.ts";
import { fullTime } from "../text/time.ts";

/** @param {unknown} name @param {unknown} value */
export function fact(name, value) {
  return html`<dt>${name}</dt><dd>${value}</dd>`;
}

/** A row that is left out when there is nothing to say. @param {unknown} name @param {unknown} value what decides @param {unknown} [shown] */
export function factIf(name, value, shown = value) {
  return value === undefined || value === "" ? nothing : fact(name, shown);
}

/** A text beside what copies it, which stands in the same place however long the text is. @param {string} text @param {unknown} button */
export function copyable(text, button) {
  return html`<div class="copyable">${exact(text)} ${button}</div>`;
}

/** @param {Date} date @param {string} [words] in place of the time itself */
export function moment(date, words = fullTime(date)) {
  return html`<time datetime=${date.toISOString()} title=${fullTime(date)}>${words}</time>`;
}
