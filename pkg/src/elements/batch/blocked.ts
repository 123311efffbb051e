// The requests that this person cannot decide about: told, with why, and left out by an act of the person.
import { html, nothing } from "lit";
import { repeatedImages } from "../../shown/batch-view.ts";
import { strings } from "../strings/index.ts";
import { exact } from "../text/text-element.ts";
import type { Row } from "./arranged.ts";
import { type Block, blockWords } from "./blocks.ts";
import type { BatchPage } from "./page.ts";

export function blocked(element: BatchPage) {
  const words = strings.batch;
  const { arranged, decision, run } = element;
  const rows = arranged?.rows ?? [];
  if (run.sending || rows.length === 0) return nothing;
  const found = rows.flatMap((row) => {
    const block = element.blockOf(row);
    return block ? [{ row, block }] : [];
  });
  if (found.length === 0) return nothing;
  const isAll = found.length === rows.length;
  const leave = () => element.leaveOut(found.map(({ row }) => row.key));
  return html`<div class="notice warn row between" part="blocked" data-blocked=${found.length}>
    <div class="stack tight">
      <p><strong>${isAll ? words.allBlocked[decision] : words.blocked[decision](found.length, rows.length)}</strong></p>
      <p class="small">${byReason(found)}</p>
    </div>
    ${
      isAll
        ? nothing
        : html`<button type="button" id="leave-out" @click=${leave}>${words.leaveOutBlocked(found.length)}</button>`
    }
  </div>`;
}

/** `1 requested by you · 2 already closed` */
function byReason(found: readonly { row: Row; block: Block }[]) {
  const counts = new Map<Block, number>();
  for (const { block } of found) counts.set(block, (counts.get(block) ?? 0) + 1);
  return [...counts].map(([block, count]) => `${count}: ${blockWords(block)}`).join(" · ");
}

/** What is not any more as it was when the person looked at it before. */
export function changed({ selection, run }: BatchPage) {
  const { size } = selection.changed;
  if (size === 0 || run.sending) return nothing;
  return html`<p class="notice warn" part="changed">${strings.batch.hasChanged(size)}</p>`;
}

/** Two requests for one image are seldom meant. */
export function repeated({ arranged, run }: BatchPage) {
  if (!arranged || run.sending) return nothing;
  const all = repeatedImages(arranged.rows.map(({ view }) => view));
  if (all.length === 0) return nothing;
  return html`<div class="notice warn stack tight" part="repeated">
    ${all
      .slice(0, mostRepeated)
      .map(([image, places]) => html`<p>${strings.batch.repeated(places.length)} ${exact(image)}</p>`)}
  </div>`;
}

const mostRepeated = 20;
