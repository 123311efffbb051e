// Which requests of the queue are shown, and where. A choice of the person moves them at once. A change at the service
// moves nothing that the person may be about to press.

import { Arranging, countsOf, unexplainedCodes } from "./arranging.ts";
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
    this.#rows = this.arrange(read, view);
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
    if (!this.#isHeld) this.#rows = rows;
    this.news = this.#isHeld ? more : 0;
    this.#look(read);
    return gained;
  }

  /** The page that is drawn, or the last one where there are fewer. */
  part(view: View) {
    return partOf(this.#rows, view);
  }

  /** All that belongs to a view. */
  arrange({ queue, names }: Read, view: Pick<View, "filter" | "search" | "sort">) {
    return this.#arranging.arrange(queue, names, view);
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
