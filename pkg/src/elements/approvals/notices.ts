// The notices beside the requests: how fresh they are, what is under way, and why there are none.

import { html, nothing } from "lit";
import type { Watching } from "../controllers/watching.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";
import { fullTime, timeOfDay } from "../text/time.ts";
import type { ApprovalsFilter } from "./view.ts";

/** Why what is shown may be out of date. */
export type Watched = Pick<Watching<unknown>, "state" | "seenAt">;
export function warning({ state, seenAt }: Watched) {
  const { offline, failing } = strings.common;
  if (state === "offline") return html`<p class="notice warn" role="status">${offline}</p>`;
  if (state !== "away" || !seenAt) return nothing;
  return html`<p class="notice warn" role="status">${failing(fullTime(seenAt))}</p>`;
}

/** How things are, in one line. */
export function freshness({ state, seenAt }: Watched) {
  if (state === "hidden") return line(strings.common.paused);
  return line(state === "live" && seenAt ? strings.common.live(timeOfDay(seenAt)) : nothing);
}

/** @param count the number of requests that were read */
export function progress(count: number) {
  const { reading, readingOlder } = strings.approvals;
  return line(html`<span class="row busy">${count === 0 ? reading : readingOlder(count)}</span>`);
}

export function news(count: number, onShow: () => void) {
  const { news: text, showNews } = strings.approvals;
  return html`<p class="row status news" part="news">
    <span>${text(count)}</span>
    <button type="button" class="small" @click=${onShow}>${showNews(count)}</button>
  </p>`;
}

function line(content: unknown) {
  return html`<p class="row status hint" part="status">${content}</p>`;
}

/** What of a search counts for nothing, and why. */
export function searchProblems(problems: readonly string[]) {
  return html`<div id="search-problems" role="status">
    ${problems.map((problem) => html`<p class="small warn">${prose(problem)}</p>`)}
  </div>`;
}

/** Names are a help only: it goes on without them. */
export function noNames(error: unknown, retry: () => void) {
  const { message } = wordsOf(error);
  return html`<p class="hint row">
    <span>${strings.approvals.noNames} ${prose(message)}</span>
    <button type="button" class="small" @click=${retry}>${strings.common.tryAgain}</button>
  </p>`;
}

export function empty({
  filter,
  isComplete,
  isSearch,
  total,
  elsewhere,
  onClear,
  onAll,
}: {
  filter: ApprovalsFilter;
  /** Whether all was read. */
  isComplete: boolean;
  /** Whether words were searched for. */
  isSearch: boolean;
  /** How many requests there are. */
  total: number;
  /** How many hold the words, among all. */
  elsewhere: number;
  onClear: () => void;
  onAll: () => void;
}) {
  const words = strings.approvals;
  if (isSearch) {
    const { noMatch, clearSearch, searchAll } = words;
    const more = elsewhere > 0 ? action(searchAll(elsewhere), onAll) : nothing;
    return panel(noMatch, isComplete ? "" : words.emptySoFar, [action(clearSearch, onClear), more]);
  }
  if (!isComplete) return panel(words.emptySoFar, "", nothing);
  if (total === 0) return panel(words.emptyAll, words.emptyAllHint, nothing);
  const showAll = action(words.showAll, onAll);
  return filter === "review"
    ? panel(words.emptyMine, words.emptyMineHint, showAll)
    : panel(words.emptyFilter, "", showAll);
}

/** The number of codes that are named. */
const mostCodes = 8;

/** Which codes nobody explained, and where to do that. */
export function unexplained(codes: readonly (readonly [code: number, times: number])[]) {
  if (codes.length === 0) return nothing;
  const words = strings.approvals;
  const named = codes.slice(0, mostCodes).map(([code, times]) => words.codeSeen(code, times));
  const more = codes.length - named.length;
  if (more > 0) named.push(words.moreCodes(more));
  return html`<p class="notice warn" data-unexplained=${codes.length}>
    ${words.unexplained(named.join(", "))} ${strings.common.whereToExplain}
  </p>`;
}

/** That some requests cannot be read, and where they are listed. */
export function someUnreadable(count: number, onShow: (() => void) | undefined) {
  if (count === 0) return nothing;
  const { unreadableCount, showUnreadable } = strings.approvals;
  return html`<p class="notice warn row" data-unreadable=${count}>
    <span>${unreadableCount(count)}</span>
    ${onShow ? action(showUnreadable, onShow) : nothing}
  </p>`;
}

function action(text: string, onClick: () => void) {
  return html`<button type="button" class="small" @click=${onClick}>${text}</button>`;
}

/** The page may offer a next step of its own. */
function panel(text: string, hint: string, actions: unknown) {
  return html`<div class="empty stack tight" part="empty">
    <p class="lead">${text}</p>
    ${hint ? html`<p class="muted">${hint}</p>` : nothing}
    <p class="row">${actions} <slot name="empty"></slot></p>
  </div>`;
}
