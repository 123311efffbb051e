// What is shown of the queue, and where. It moves at once when the person wants it to; what the service changes by
// itself moves nothing that somebody may be about to press.
import { asText } from "../text/as-text.ts";
import { Arranging, countsOf, filters, sorts } from "./arranging.js";

export const defaultPageSize = 50;
/** More rows than that are no page to look at, and take long to draw. */
const largestPage = 500;

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {Pick<import("./following.js").Following, "queue" | "names">} Read what was read so far
 *
 * @typedef {object} View what the person chose, or the portal
 * @property {import("../index.js").ApprovalsFilter} filter
 * @property {string} search
 * @property {import("../index.js").ApprovalsSort} sort
 * @property {number} page
 * @property {number} pageSize
 */

/** A view by the properties of an element: what is none of the choices counts as the first of them. @param {View} given @returns {View} */
export function viewBy({ filter, search, sort, page, pageSize }) {
  return {
    filter: filters.includes(filter) ? filter : filters[0],
    search: asText(search),
    sort: sorts.includes(sort) ? sort : sorts[0],
    page: atLeastOne(page, 1),
    pageSize: Math.min(atLeastOne(pageSize, defaultPageSize), largestPage),
  };
}

export class Shown {
  /** So many requests belong here, and are held back. */
  news = 0;
  counts = countsOf([]);
  /** Something is not in its place. */
  #isHeld = false;
  #arranging = new Arranging();
  /** In order, those of all pages. @type {Row[]} */
  #rows = [];
  /** What was looked at last. @type {{ revision?: number } & Partial<Read>} */
  #last = {};

  /** Is there anything to put in its place? @param {Read} read */
  isBehind({ queue, names }) {
    if (this.#isHeld) return true;
    const { queue: lastQueue, revision, names: lastNames } = this.#last;
    return lastQueue !== queue || revision !== queue.revision || lastNames !== names;
  }

  /** Puts everything in its place. @param {Read} read @param {View} view */
  settle(read, view) {
    this.#rows = this.arrange(read, view);
    this.#isHeld = false;
    this.news = 0;
    this.#look(read);
  }

  /**
   * Puts everything in its place unless that would move what is drawn while somebody is at it.
   *
   * @param {Read} read @param {View} view @param {() => boolean} isAttended
   * @returns {number} how many more there are than before
   */
  follow(read, view, isAttended) {
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

  /** The page that is drawn, or the last one when there are not so many. @param {View} view */
  part(view) {
    return partOf(this.#rows, view);
  }

  /** All that belongs to a view. @param {Read} read @param {Pick<View, "filter" | "search" | "sort">} view */
  arrange({ queue, names }, view) {
    return this.#arranging.arrange(queue, names, view);
  }

  /** @param {Read} read */
  #look({ queue, names }) {
    this.counts = countsOf(queue.rows());
    this.#last = { queue, revision: queue.revision, names };
  }
}

/** @param {Row[]} rows @param {View} view */
function partOf(rows, { page: wanted, pageSize }) {
  const total = rows.length;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const page = Math.min(wanted, pages);
  const first = (page - 1) * pageSize;
  return { page, pages, total, first, drawn: rows.slice(first, first + pageSize) };
}

/** Would anything that is drawn be in another place? @param {Row[]} before @param {Row[]} after */
function moves(before, after) {
  return before.some((row, index) => row !== after[index]);
}

/** @param {unknown} value @param {number} other */
function atLeastOne(value, other) {
  return Number.isFinite(value) && Number(value) >= 1 ? Math.floor(Number(value)) : other;
}
