// Which requests are shown, and in which order.

import { personKey } from "../../shown/person.ts";
import type { Queue } from "./queue.ts";
import type { Row } from "./row.ts";
import { searchFor } from "./search.ts";
import {
  type ApprovalsFilter,
  type ApprovalsGroup,
  type ApprovalsSort,
  type Column,
  partsOf,
  type View,
} from "./view.ts";

/**
 * Whether a request belongs to a filter. Open, closed and unexplained together are all: a status that nobody explained
 * may stand for either.
 */
const belongs: Record<ApprovalsFilter, (row: Row) => boolean> = {
  review: isMine,
  requested: ({ isOwn }) => isOwn,
  open: isOpen,
  closed: ({ signing }) => signing.final,
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
  artifact: ({ searchedRepository }) => searchedRepository.slice(0, compared) || undefined,
  state: ({ signing }) => stages.indexOf(signing.state),
};

/** By what requests are put together; `undefined` are those of no group. */
const groupedBy: Record<Exclude<ApprovalsGroup, "">, (row: Row) => string | undefined> = {
  repository: ({ searchedRepository }) => searchedRepository || undefined,
  product: ({ productKey }) => productKey || undefined,
  requester: ({ requester }) => requester && personKey(requester.objectId ?? requester.name),
  batch: ({ batch }) => batch,
};

/** May this request wait for this person? Where little is known, it may. */
export function isMine({ foresight }: Row) {
  return foresight.obstacle === undefined;
}

export function isOpen({ signing }: Row) {
  return !signing.final && signing.state !== "unknown";
}

/** A request's product as it is called: by its name, or else its id. */
export function nameOf({ productId, productKey }: Row, names: ProductNames) {
  return names.get(productKey) || productId;
}

export type Counts = Record<ApprovalsFilter, number>;

/** How many requests each filter would show. */
export function countsOf(rows: Iterable<Row>, unreadable: number = 0): Counts {
  const counts = { review: 0, requested: 0, open: 0, closed: 0, unexplained: unreadable, all: unreadable };
  // Asked one by one, and not by their names: that is a tenth of the time.
  for (const row of rows) {
    if (belongs.review(row)) counts.review += 1;
    if (belongs.requested(row)) counts.requested += 1;
    if (belongs.open(row)) counts.open += 1;
    if (belongs.closed(row)) counts.closed += 1;
    if (belongs.unexplained(row)) counts.unexplained += 1;
    counts.all += 1;
  }
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

/** Does a request still belong to what the person chose? */
export function belongsTo(filter: ApprovalsFilter, row: Row) {
  return belongs[filter](row);
}

/** What a row is put together with others by; nothing for one that is of no group. */
export function groupOf(row: Row, group: ApprovalsGroup): string | undefined {
  return group === "" ? undefined : groupedBy[group](row);
}

/** Puts requests in order, and picks among them. What was put in order stays so until something changed. */
export class Arranging {
  #of: { revision: number; queue: unknown; names: unknown; sort: ApprovalsSort } | undefined;
  #sorted: Row[] = [];
  #listed: { revision: number; queue: unknown; rows: readonly Row[] } | undefined;

  arrange(
    queue: Queue,
    names: ProductNames,
    { filter, search, sort, group }: Pick<View, "filter" | "search" | "sort" | "group">,
  ) {
    const { isFound } = searchFor(search, names);
    const found = this.#inOrder(queue, names, sort).filter((row) => belongs[filter](row) && isFound(row));
    return group === "" ? found : together(found, groupedBy[group]);
  }

  #inOrder(queue: Queue, names: ProductNames, sort: ApprovalsSort) {
    const { revision } = queue;
    const known = this.#of;
    const isKnown = known?.queue === queue && known.revision === revision && known.names === names;
    if (isKnown && known.sort === sort) return this.#sorted;
    this.#of = { revision, queue, names, sort };
    this.#sorted = sorted(this.#asListed(queue), names, sort);
    return this.#sorted;
  }

  /** As the service lists them, in which order all that is the same stays. */
  #asListed(queue: Queue) {
    const { revision } = queue;
    const known = this.#listed;
    if (known?.queue === queue && known.revision === revision) return known.rows;
    // In this order already, or nearly so: that is quick.
    const rows = [...queue.rows()].sort((a, b) => queue.placeOf(a) - queue.placeOf(b));
    this.#listed = { revision, queue, rows };
    return rows;
  }
}

/** Each group where the first of it stands, and those of none at the end. */
function together(rows: Row[], groupIn: (row: Row) => string | undefined) {
  const groups: Map<string, Row[]> = new Map();
  const others: Row[] = [];
  for (const row of rows) {
    const name = groupIn(row);
    const group = name === undefined ? others : (groups.get(name) ?? []);
    if (name !== undefined) groups.set(name, group);
    group.push(row);
  }
  return [...groups.values(), others].flat();
}

function sorted(rows: readonly Row[], names: ProductNames, sort: ApprovalsSort) {
  const { column, isReversed } = partsOf(sort);
  const value = sortedBy[column];
  const heaps: Map<string | number | undefined, Row[]> = new Map();
  for (const row of rows) {
    const own = value(row, names);
    const heap = heaps.get(own);
    if (heap) heap.push(row);
    else heaps.set(own, [row]);
  }
  const values = inOrder([...heaps.keys()], column);
  if (isReversed) values.reverse();
  const unknown = heaps.get(undefined) ?? [];
  return [...values.flatMap((own) => heaps.get(own) ?? []), ...unknown];
}

/** Each value once, however many requests have it. Texts are compared as people order them, which is slow. */
function inOrder(values: (string | number | undefined)[], column: Column): (string | number)[] {
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  // Repositories are ASCII.
  const compare = column === "artifact" ? undefined : collator.compare;
  return [...numbers, ...values.filter((value) => typeof value === "string").sort(compare)];
}
