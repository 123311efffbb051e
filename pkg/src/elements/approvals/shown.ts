// Which requests of the queue are shown, and where. A choice of the person moves them at once. A change at the service
// moves nothing that the person may be about to press.

import { Arranging, belongsTo, countsOf, groupOf, unexplainedCodes } from "./arranging.ts";
import { type Common, commonOf, type Reading } from "./facts.ts";
import type { Following } from "./following.ts";
import type { Row } from "./row.ts";
import type { View } from "./view.ts";

/** What was read so far. */
export type Read = Pick<Following, "queue" | "names">;

export class Shown {
  /** The number of requests that belong here, and are held back. */
  news = 0;
  counts = countsOf([]);
  /** The codes of statuses that nobody explained, with how often each was seen. */
  codes: readonly (readonly [code: number, times: number])[] = [];
  /** What all of them say. */
  common: Common = new Map();
  /** Another number whenever the order is another. */
  order = 0;
  /** The request that is open, and the order in which it stood last: it may leave the list once it is decided. */
  #open: { key: string; order: readonly Row[] } | undefined;
  /** Something is not in its place. */
  #isHeld = false;
  #arranging = new Arranging();
  /** In order, those of all pages. */
  #rows: Row[] = [];
  /** What was looked at last. */
  #last: { revision?: number } & Partial<Read> = {};

  /** Is there anything to put in its place? */
  isBehind({ queue, names }: Read) {
    if (this.#isHeld) return true;
    const { queue: lastQueue, revision, names: lastNames } = this.#last;
    return lastQueue !== queue || revision !== queue.revision || lastNames !== names;
  }

  /** Puts everything in its place. */
  settle(read: Read, view: View) {
    this.#put(this.arrange(read, view));
    this.#isHeld = false;
    this.news = 0;
    this.#look(read);
  }

  /**
   * Puts everything in its place unless that would move what is drawn while the person is at it.
   *
   * @returns how many more there are than before
   */
  follow(read: Read, view: View, isAttended: () => boolean): number {
    const rows = this.arrange(read, view);
    const before = new Set(this.#rows);
    const more = rows.filter((row) => !before.has(row)).length;
    const gained = Math.max(0, more - this.news);
    this.#isHeld = moves(this.part(view).drawn, partOf(rows, view).drawn) && isAttended();
    if (!this.#isHeld) this.#put(rows);
    this.news = this.#isHeld ? more : 0;
    this.#look(read);
    return gained;
  }

  /** The page that is drawn, or the last one where there are fewer. */
  part(view: View) {
    return partOf(this.#rows, view);
  }

  /** All that belongs to a view. */
  arrange({ queue, names }: Read, view: Pick<View, "filter" | "search" | "sort" | "group">) {
    return this.#arranging.arrange(queue, names, view);
  }

  /** Keeps in mind where the open request stands. */
  open(key: string | undefined) {
    if (key === this.#open?.key) return;
    this.#open = key === undefined ? undefined : { key, order: this.#rows };
  }

  /** Where a request stands among all that are shown, from 0. */
  placeOf(key: string) {
    return this.#rows.findIndex((row) => row.key === key);
  }

  /**
   * The request beside another one, of those that still belong here.
   *
   * @param step 1 for the next one, -1 for the one before
   */
  neighbour(key: string, step: 1 | -1, { filter }: Pick<View, "filter">): Row | undefined {
    const isGone = this.placeOf(key) < 0;
    const order = isGone && this.#open?.key === key ? this.#open.order : this.#rows;
    const here = new Set(this.#rows);
    let at = order.findIndex((row) => row.key === key);
    if (at < 0) return undefined;
    for (at += step; order[at]; at += step) {
      const row = order[at];
      if (row && here.has(row) && belongsTo(filter, row)) return row;
    }
    return undefined;
  }

  /** Those that are put together with a row, on all pages; all, where nothing is put together. */
  groupOf(row: Row, { group }: Pick<View, "group">): Row[] {
    const name = groupOf(row, group);
    return this.#rows.filter((other) => groupOf(other, group) === name);
  }

  /** Finds out what all of them say. */
  compare(reading: Reading) {
    this.common = commonOf(this.#rows, reading);
  }

  /** All of them, on all pages. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  #put(rows: Row[]) {
    const before = this.#rows;
    this.#rows = rows;
    if (before.length !== rows.length || moves(before, rows)) this.order += 1;
    const open = this.#open;
    if (open && rows.some(({ key }) => key === open.key)) open.order = rows;
  }

  #look({ queue, names }: Read) {
    this.counts = countsOf(queue.rows(), queue.unreadable.length);
    this.codes = this.counts.unexplained === 0 ? [] : unexplainedCodes(queue.rows());
    this.#last = { queue, revision: queue.revision, names };
  }
}

function partOf(rows: Row[], { page: wanted, pageSize }: Pick<View, "page" | "pageSize">) {
  const total = rows.length;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const page = Math.min(wanted, pages);
  const first = (page - 1) * pageSize;
  return { page, pages, total, first, drawn: rows.slice(first, first + pageSize) };
}

/** Would anything that is drawn be in another place? */
function moves(before: Row[], after: Row[]) {
  return before.some((row, index) => row !== after[index]);
}
