// What is said beside the requests: how fresh they are, what is under way, and why there are none.

import { html, nothing } from "lit";
import { wordsOf } from "../model/errors.js";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";
import { fullTime, timeOfDay } from "../text/time.ts";

/** Why what is shown may be out of date. @param {Watched} watching @typedef {Pick<import("../controllers/watching.js").Watching<unknown>, "state" | "seenAt">} Watched */
export function warning({ state, seenAt }) {
  const { offline, failing } = strings.common;
  if (state === "offline") return html`<p class="notice warn" role="status">${offline}</p>`;
  if (state !== "away" || !seenAt) return nothing;
  return html`<p class="notice warn" role="status">${failing(fullTime(seenAt))}</p>`;
}

/** How things are, in one line. @param {Watched} watching */
export function freshness({ state, seenAt }) {
  if (state === "hidden") return line(strings.common.paused);
  return line(state === "live" && seenAt ? strings.common.live(timeOfDay(seenAt)) : nothing);
}

/** @param {number} count so many were read */
export function progress(count) {
  const { reading, readingOlder } = strings.approvals;
  return line(html`<span class="row busy">${count === 0 ? reading : readingOlder(count)}</span>`);
}

/** @param {number} count @param {() => void} onShow */
export function news(count, onShow) {
  const { news: text, showNews } = strings.approvals;
  return html`<p class="row status news" part="news">
    <span>${text(count)}</span>
    <button type="button" class="small" @click=${onShow}>${showNews(count)}</button>
  </p>`;
}

/** @param {unknown} content */
function line(content) {
  return html`<p class="row status hint" part="status">${content}</p>`;
}

/** Names are a help only: it goes on without them. @param {unknown} error @param {() => void} retry */
export function noNames(error, retry) {
  const { message } = wordsOf(error);
  return html`<p class="hint row">
    <span>${strings.approvals.noNames} ${prose(message)}</span>
    <button type="button" class="small" @click=${retry}>${strings.common.tryAgain}</button>
  </p>`;
}

/**
 * @param {object} given
 * @param {import("../index.js").ApprovalsFilter} given.filter
 * @param {boolean} given.isComplete whether all was read
 * @param {boolean} given.isSearch whether words were searched for
 * @param {number} given.total how many requests there are
 * @param {number} given.elsewhere how many hold the words, among all
 * @param {() => void} given.onClear @param {() => void} given.onAll
 */
export function empty({ filter, isComplete, isSearch, total, elsewhere, onClear, onAll }) {
  const words = strings.approvals;
  if (isSearch) {
    const { noMatch, clearSearch, searchAll } = words;
    const more = elsewhere > 0 ? action(searchAll(elsewhere), onAll) : nothing;
    return panel(noMatch, isComplete ? "" : words.emptySoFar, [action(clearSearch, onClear), more]);
  }
  if (!isComplete) return panel(words.emptySoFar, "", nothing);
  if (total === 0) return panel(words.emptyAll, words.emptyAllHint, nothing);
  const showAll = action(words.showAll, onAll);
  return filter === "mine"
    ? panel(words.emptyMine, words.emptyMineHint, showAll)
    : panel(words.emptyFilter, "", showAll);
}

/** @param {string} text @param {() => void} onClick */
function action(text, onClick) {
  return html`<button type="button" class="small" @click=${onClick}>${text}</button>`;
}

/** @param {string} text @param {string} hint @param {unknown} actions */
function panel(text, hint, actions) {
  return html`<div class="panel empty stack tight" part="empty">
    <p class="lead">${text}</p>
    ${hint ? html`<p class="muted">${hint}</p>` : nothing}
    ${actions === nothing ? nothing : html`<p class="row">${actions}</p>`}
  </div>`;
}
