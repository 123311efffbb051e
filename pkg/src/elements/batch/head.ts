// What this is about, when it was read, and what could not be.
import { html, nothing } from "lit";
import type { UnreadRequest } from "ocisign";
import { inSteps } from "../fragments/unfolding.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { timeOfDay } from "../text/time.ts";
import { type BatchPage, partOf } from "./page.ts";

export function head(element: BatchPage) {
  const words = strings.batch;
  const { selection, run, decision } = element;
  const count = run.sending?.batch.requests.length ?? partOf(element)?.requests.length;
  const { batch } = selection.whole ?? {};
  const isIdle = run.sending === undefined;
  return html`<header class="top" part="head">
    <div class="row between">
      <h2 id="title" tabindex="-1">${count === undefined ? words.untitled : words.title[run.sending?.decision ?? decision](count)}</h2>
      <div class="row buttons">
        ${
          isIdle && selection.whole
            ? html`<button type="button" class="small" id="again" ?disabled=${selection.isReading}
              @click=${() => element.readAgain()}>${words.readAgain}</button>`
            : nothing
        }
        <button type="button" class="small" id="close" ?disabled=${run.isSending}
          @click=${() => element.close()}>${words.close}</button>
      </div>
    </div>
    <p class="hint">
      ${batch === undefined ? nothing : html`${words.ofBatch} ${exact(batch)} · `}
      ${selection.readAt && isIdle ? words.readAt(timeOfDay(selection.readAt)) : nothing}
    </p>
  </header>`;
}

/** The number of entries that are shown at once. */
const step = 20;

export function unread({ selection, run }: BatchPage) {
  const words = strings.batch;
  const all = selection.whole?.unread ?? [];
  if (all.length === 0 || run.sending) return nothing;
  const wanted = all.filter(({ isWanted }) => isWanted);
  const others = all.filter(({ isWanted }) => !isWanted);
  return html`${some(words.unread, wanted, "wanted")}${some(words.perhapsUnread, others, "perhaps")}`;
}

function some(title: (count: number) => string, all: readonly UnreadRequest[], name: string) {
  if (all.length === 0) return nothing;
  return html`<div class="notice warn stack tight" part="unread" data-unread=${name}>
    <p><strong>${title(all.length)}</strong></p>
    <div class="small">${inSteps(all, one, step)}</div>
  </div>`;
}

function one({ id, error }: UnreadRequest) {
  return html`<p>${id === undefined ? strings.batch.nameless : exact(id)}: ${prose(wordsOf(error).message)}</p>`;
}
