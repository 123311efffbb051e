// The check of a list of images, before any of it is sent.

import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { markedReference } from "../fragments/marked-reference.ts";
import { scrollingList } from "../fragments/unfolding.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import type { Many } from "./images.ts";

/** @param keepsGoing the person's choice to send the right lines, though others are wrong */
export function listCheck(
  { ready, wrong, repeated }: Many,
  keepsGoing: boolean,
  onKeepGoing: (keepsGoing: boolean) => void,
) {
  const words = strings.request;
  return html`<div class="stack" part="list">
    <div class="row" id="list-summary">
      ${ready.length > 0 ? html`<span class="state good">✓ ${words.ready(ready.length)}</span>` : nothing}
      ${wrong.length > 0 ? html`<span class="state bad">✕ ${words.wrong(wrong.length)}</span>` : nothing}
      ${repeated.length > 0 ? html`<span class="state">${words.repeated(repeated.length)}</span>` : nothing}
    </div>
    ${wrong.length > 0 && ready.length > 0 ? keepGoing(ready.length, keepsGoing, onKeepGoing) : nothing}
    ${wrong.length > 0 ? folded(words.toCorrect, wrong, wrongLine, true) : nothing}
    ${ready.length > 0 ? folded(words.toRequest, ready, readyLine, wrong.length === 0) : nothing}
    ${repeated.length > 0 ? folded(words.repeatedLines, repeated, repeatedLine, false) : nothing}
  </div>`;
}

function keepGoing(count: number, isChosen: boolean, onChange: (isChosen: boolean) => void) {
  return html`<label class="row"><input id="keep-going" type="checkbox" .checked=${live(isChosen)}
    @change=${() => onChange(!isChosen)} /> <span>${strings.request.keepGoing(count)}</span></label>`;
}

function folded<T>(summary: string, lines: readonly T[], draw: (line: T) => unknown, isOpen: boolean) {
  return html`<details ?open=${isOpen}><summary>${summary}</summary>${scrollingList(summary, lines, draw)}</details>`;
}

function wrongLine({ line, text, error, isElsewhere }: Many["wrong"][number]) {
  return html`<div class="line"><span class="number">${strings.request.line(line)}</span>
    <div>${isElsewhere ? elsewhere(text, error) : markedReference(text, error)}</div></div>`;
}

function elsewhere(text: string, error: unknown) {
  const { message, fix } = wordsOf(error);
  return html`<div class="stack tight"><p>${exact(text)}</p><p class="bad">${prose(message)}</p>
    <p class="hint">${prose(fix)}</p></div>`;
}

function readyLine({ line, canonical }: Many["ready"][number]) {
  return html`<div class="line"><span
    class="number">${strings.request.line(line)}</span><span>${exact(canonical)}</span></div>`;
}

function repeatedLine({ line, canonical, first }: Many["repeated"][number]) {
  return html`<div class="line"><span class="number">${strings.request.line(line)}</span>
    <div class="stack tight"><p>${exact(canonical)}</p>
      <p class="hint">${strings.request.repeats(first)}</p></div></div>`;
}
