// What was found in a list of images, before any of it is sent.

import { html, nothing } from "lit";
import { markedReference } from "../fragments/marked-reference.js";
import { wordsOf } from "../model/errors.js";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { scrollingList } from "./scrolling-list.js";

/** @typedef {import("./images.js").Many} Many */

/** @param {Many} images */
export function listCheck({ ready, wrong, repeated }) {
  const words = strings.request;
  return html`<div class="stack" part="list">
    <div class="row" id="list-summary">
      ${ready.length > 0 ? html`<span class="state good">✓ ${words.ready(ready.length)}</span>` : nothing}
      ${wrong.length > 0 ? html`<span class="state bad">✕ ${words.wrong(wrong.length)}</span>` : nothing}
      ${repeated.length > 0 ? html`<span class="state">${words.repeated(repeated.length)}</span>` : nothing}
    </div>
    ${wrong.length > 0 ? folded(words.toCorrect, wrong, wrongLine, true) : nothing}
    ${ready.length > 0 ? folded(words.toRequest, ready, readyLine, wrong.length === 0) : nothing}
    ${repeated.length > 0 ? folded(words.repeatedLines, repeated, repeatedLine, false) : nothing}
  </div>`;
}

/** @template T @param {string} summary @param {readonly T[]} lines @param {(line: T) => unknown} draw @param {boolean} isOpen */
function folded(summary, lines, draw, isOpen) {
  return html`<details ?open=${isOpen}><summary>${summary}</summary>${scrollingList(summary, lines, draw)}</details>`;
}

/** @param {Many["wrong"][number]} found */
function wrongLine({ line, text, error, isElsewhere }) {
  return html`<div class="line"><span class="number">${strings.request.line(line)}</span>
    <div>${isElsewhere ? elsewhere(text, error) : markedReference(text, error)}</div></div>`;
}

/** @param {string} text @param {unknown} error */
function elsewhere(text, error) {
  const { message, fix } = wordsOf(error);
  return html`<div class="stack tight"><p>${exact(text)}</p><p class="bad">${prose(message)}</p><p class="hint">${prose(fix)}</p></div>`;
}

/** @param {Many["ready"][number]} found */
function readyLine({ line, canonical }) {
  return html`<div class="line"><span class="number">${strings.request.line(line)}</span><span>${exact(canonical)}</span></div>`;
}

/** @param {Many["repeated"][number]} found */
function repeatedLine({ line, canonical, first }) {
  return html`<div class="line"><span class="number">${strings.request.line(line)}</span>
    <div class="stack tight"><p>${exact(canonical)}</p><p class="hint">${strings.request.repeats(first)}</p></div></div>`;
}
