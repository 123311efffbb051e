// The check of a list of images, before any of it is sent.

import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import type { Earlier } from "../../shown/earlier.ts";
import { markedReference } from "../fragments/marked-reference.ts";
import { scrollingList } from "../fragments/unfolding.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import type { Many } from "./images.ts";
import type { Held } from "./registry-checks.ts";

/** What the form knows of a list, and what a person can do about it. */
export interface ListState {
  /** The person's choice to send the right lines, though others are wrong. */
  readonly keepsGoing: boolean;
  /** The person's choice to request nothing that waits or is signed already. */
  readonly leavesOut: boolean;
  /** What the service has of an image. */
  readonly earlier: (canonical: string) => readonly Earlier[];
  /** What the registry says of it. */
  readonly held: (canonical: string) => Held | undefined;
  /** Tags are being looked up. */
  readonly isResolving: boolean;
  /** By the line's text: why the registry did not say what its tag names. */
  readonly unresolved: ReadonlyMap<string, unknown>;
}

export interface OnList {
  readonly keepGoing: (isChosen: boolean) => void;
  readonly leaveOut: (isChosen: boolean) => void;
  readonly toLine: (line: number) => void;
  readonly resolve: () => void;
  readonly checkAll: () => void;
}

/** Does somebody have to look at the image before it is requested? */
export function isStanding([first]: readonly Earlier[]) {
  return first?.standing === "waiting" || first?.standing === "signed";
}

export function listCheck(images: Many, state: ListState, on: OnList) {
  const words = strings.request;
  const { ready, wrong, repeated } = images;
  const noted = ready.filter(({ canonical }) => notesOf(canonical, state).length > 0);
  const standing = ready.filter(({ canonical }) => isStanding(state.earlier(canonical)));
  const draw = {
    wrong: (line: Many["wrong"][number]) => wrongLine(line, state, on.toLine),
    ready: (line: Many["ready"][number]) => readyLine(line, state, on.toLine),
    repeated: (line: Many["repeated"][number]) => repeatedLine(line, on.toLine),
  };
  return html`<div class="stack" part="list">
    <div class="row" id="list-summary">
      ${ready.length > 0 ? html`<span class="state good">✓ ${words.ready(ready.length)}</span>` : nothing}
      ${wrong.length > 0 ? html`<span class="state bad">✕ ${words.wrong(wrong.length)}</span>` : nothing}
      ${repeated.length > 0 ? html`<span class="state">${words.repeated(repeated.length)}</span>` : nothing}
      ${noteCounts(ready, state)}
    </div>
    ${resolveTags(wrong, state, on.resolve)}
    ${wrong.length > 0 && ready.length > 0 ? keepGoing(ready.length, state.keepsGoing, on.keepGoing) : nothing}
    ${standing.length > 0 ? leaveOut(standing.length, state.leavesOut, on.leaveOut) : nothing}
    ${unchecked(ready, state, on.checkAll)}
    ${wrong.length > 0 ? folded(words.toCorrect, wrong, draw.wrong, true) : nothing}
    ${noted.length > 0 ? folded(words.toLookAt, noted, draw.ready, true) : nothing}
    ${ready.length > 0 ? folded(words.toRequest, ready, draw.ready, wrong.length + noted.length === 0) : nothing}
    ${repeated.length > 0 ? folded(words.repeatedLines, repeated, draw.repeated, false) : nothing}
  </div>`;
}

function noteCounts(ready: Many["ready"], { earlier, held }: ListState) {
  const { listed } = strings.request;
  const standings = ready.map(({ canonical }) => earlier(canonical)[0]?.standing);
  const holdings = ready.map(({ canonical }) => held(canonical));
  const count = (all: readonly unknown[], one: string) => all.filter((it) => it === one).length;
  const counts = [
    ...(["waiting", "signed", "rejected", "failed"] as const).map(
      (it) => [listed[it], count(standings, it)] as const,
    ),
    [listed.missing, count(holdings, "missing")] as const,
    [listed.proven, count(holdings, "signed")] as const,
    [listed.unread, count(holdings, "unread")] as const,
  ];
  return counts
    .filter(([, number]) => number > 0)
    .map(([words, number]) => html`<span class="state warn">${words(number)}</span>`);
}

/** What speaks against requesting an image, in words. */
function notesOf(canonical: string, { earlier, held }: ListState) {
  const { earlierWords, heldWords } = strings.request;
  const [first] = earlier(canonical);
  const found = held(canonical);
  return [
    ...(first ? [earlierWords[first.standing]] : []),
    ...(found === "missing" || found === "signed" || found === "unread" ? [heldWords[found]] : []),
  ];
}

function resolveTags(wrong: Many["wrong"], { isResolving }: ListState, resolve: () => void) {
  const count = wrong.filter(({ isTagged }) => isTagged).length;
  if (count === 0) return nothing;
  const { resolveTags, resolving } = strings.request;
  return html`<div class="row"><button id="resolve-tags" type="button" class="small ${isResolving ? "busy" : ""}"
    aria-disabled=${isResolving ? "true" : nothing} @click=${resolve}>
    ${isResolving ? resolving : resolveTags(count)}</button></div>`;
}

function unchecked(ready: Many["ready"], { held }: ListState, checkAll: () => void) {
  const count = ready.filter(({ canonical }) => held(canonical) === undefined).length;
  if (count === 0) return nothing;
  return html`<div class="row"><button id="check-all" type="button" class="small" @click=${checkAll}>
    ${strings.request.checkInRegistry(count)}</button></div>`;
}

function leaveOut(count: number, isChosen: boolean, onChange: (isChosen: boolean) => void) {
  return html`<label class="row"><input id="leave-out" type="checkbox" .checked=${live(isChosen)}
    @change=${() => onChange(!isChosen)} /> <span>${strings.request.leaveOut(count)}</span></label>`;
}

function keepGoing(count: number, isChosen: boolean, onChange: (isChosen: boolean) => void) {
  return html`<label class="row"><input id="keep-going" type="checkbox" .checked=${live(isChosen)}
    @change=${() => onChange(!isChosen)} /> <span>${strings.request.keepGoing(count)}</span></label>`;
}

function folded<T>(summary: string, lines: readonly T[], draw: (line: T) => unknown, isOpen: boolean) {
  return html`<details ?open=${isOpen}><summary>${summary}</summary>${scrollingList(summary, lines, draw)}</details>`;
}

/** Leads to the line in the field. */
function number(line: number, toLine: (line: number) => void) {
  const words = strings.request;
  return html`<span class="number"><button type="button" class="small plain" title=${words.toLine(line)}
    @click=${() => toLine(line)}>${words.line(line)}</button></span>`;
}

function wrongLine(
  { line, text, error, isElsewhere }: Many["wrong"][number],
  { unresolved }: ListState,
  toLine: (line: number) => void,
) {
  const why = unresolved.get(text.trim());
  return html`<div class="line">${number(line, toLine)}
    <div>${isElsewhere || why ? elsewhere(text, why ?? error) : markedReference(text, error)}</div></div>`;
}

function elsewhere(text: string, error: unknown) {
  const { message, fix } = wordsOf(error);
  return html`<div class="stack tight"><p>${exact(text)}</p><p class="bad">${prose(message)}</p>
    <p class="hint">${prose(fix)}</p></div>`;
}

function readyLine(
  { line, canonical }: Many["ready"][number],
  state: ListState,
  toLine: (line: number) => void,
) {
  return html`<div class="line">${number(line, toLine)}<div class="stack tight"><p>${exact(canonical)}</p>
    ${notesOf(canonical, state).map((note) => html`<p class="warn small">${note}</p>`)}</div></div>`;
}

function repeatedLine({ line, canonical, first }: Many["repeated"][number], toLine: (line: number) => void) {
  return html`<div class="line">${number(line, toLine)}
    <div class="stack tight"><p>${exact(canonical)}</p>
      <p class="hint">${strings.request.repeats(first)}</p></div></div>`;
}
