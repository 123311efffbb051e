// Which requests are shown, and in which order.

import type { Queue } from "./queue.ts";
import { type Row, searchable } from "./row.ts";
import {
  type ApprovalsFilter,
  type ApprovalsSort,
  type Column,
  filters,
  partsOf,
  type View,
} from "./view.ts";

/**
 * Whether a request belongs to a filter. Waiting, signed, ended and unexplained together are all: a status that nobody
 * explained may stand for any of the three.
 */
const belongs: Record<ApprovalsFilter, (row: Row) => boolean> = {
  mine: isMine,
  waiting: ({ signing }) => !signing.final && signing.state !== "unknown",
  signed: ({ signing }) => signing.state === "signed",
  ended: ({ signing }) => signing.state === "rejected" || signing.state === "failed",
  unexplained: ({ signing }) => signing.state === "unknown",
  all: () => true,
};

/** From what can still be decided to what is over. */
const stages = ["waiting", "new", "unknown", "approved", "signing", "signed", "rejected", "failed"];

/** So much of a text counts when it is sorted by. */
const compared = 300;
const collator = new Intl.Collator();

/** By the products' keys. */
export type ProductNames = ReadonlyMap<string, string>;

/** What a request is sorted by; `undefined` goes last in either direction. */
const sortedBy: Record<Column, (row: Row, names: ProductNames) => string | number | undefined> = {
  // The younger, the less.
  age: ({ createdAt }) => createdAt && -createdAt.valueOf(),
  requester: ({ requester }) => requester?.name.slice(0, compared),
  product: (row, names) => nameOf(row, names).slice(0, compared) || undefined,
  artifact: ({ artifact }) => artifact.text.slice(0, compared) || undefined,
  state: ({ signing }) => stages.indexOf(signing.state),
};

/** May this request wait for this person? Where little is known, it may. */
export function isMine({ foresight }: Row) {
  return foresight.obstacle === undefined;
}

/** A request's product as it is called: by its name, or else its id. */
export function nameOf({ productId, productKey }: Row, names: ProductNames) {
  return names.get(productKey) || productId;
}

export type Counts = Record<ApprovalsFilter, number>;

/** How many requests each filter would show. */
export function countsOf(rows: Iterable<Row>, unreadable: number = 0): Counts {
  const counts = { mine: 0, waiting: 0, signed: 0, ended: 0, unexplained: unreadable, all: unreadable };
  for (const row of rows) for (const filter of filters) if (belongs[filter](row)) counts[filter] += 1;
  return counts;
}

/** How many requests have each of the status codes that nobody explained, the most frequent first. */
export function unexplainedCodes(rows: Iterable<Row>): [code: number, times: number][] {
  const times: Map<number, number> = new Map();
  for (const { signing } of rows) {
    if (signing.state === "unknown") times.set(signing.code, (times.get(signing.code) ?? 0) + 1);
  }
  return [...times].sort(([a, often], [b, rarely]) => rarely - often || a - b);
}

/** Does a filter also show what could not be read? Such a request may stand anywhere. */
export function showsUnreadable(filter: ApprovalsFilter) {
  return filter === "all" || filter === "unexplained";
}

/** The words of a search. */
export function wordsIn(search: string) {
  return searchable(search)
    .split(/[\s…]+/)
    .filter(Boolean);
}

/** Puts requests in order, and picks among them. What was put in order stays so until something changed. */
export class Arranging {
  #of: { revision: number; queue: unknown; names: unknown; sort: ApprovalsSort } | undefined;
  #sorted: Row[] = [];

  arrange(
    queue: Queue,
    names: ProductNames,
    { filter, search, sort }: Pick<View, "filter" | "search" | "sort">,
  ) {
    const isFound = finder(wordsIn(search), names);
    return this.#inOrder(queue, names, sort).filter((row) => belongs[filter](row) && isFound(row));
  }

  #inOrder(queue: Queue, names: ProductNames, sort: ApprovalsSort) {
    const { revision } = queue;
    const known = this.#of;
    const isKnown = known?.queue === queue && known.revision === revision && known.names === names;
    if (isKnown && known.sort === sort) return this.#sorted;
    this.#of = { revision, queue, names, sort };
    this.#sorted = sorted(queue, names, sort);
    return this.#sorted;
  }
}

function sorted(queue: Queue, names: ProductNames, sort: ApprovalsSort) {
  const { column, isReversed } = partsOf(sort);
  const value = sortedBy[column];
  const entries = Array.from(queue.rows(), (row) => ({
    row,
    value: value(row, names),
    place: queue.placeOf(row),
  }));
  entries.sort((a, b) => {
    if (a.value === undefined || b.value === undefined) {
      return Number(a.value === undefined) - Number(b.value === undefined) || a.place - b.place;
    }
    const order = compare(a.value, b.value);
    return (isReversed ? -order : order) || a.place - b.place;
  });
  return entries.map(({ row }) => row);
}

function compare(a: string | number, b: string | number) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

function finder(words: string[], names: ProductNames) {
  /** What a search looks at of a product's name; a queue has few products. */
  const products: Map<string, string> = new Map([...names].map(([key, name]) => [key, searchable(name)]));
  return ({ searched, productKey }: Row) => {
    const product = products.get(productKey) ?? "";
    return words.every((word) => searched.includes(word) || product.includes(word));
  };
}
