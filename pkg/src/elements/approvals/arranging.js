// Which requests are shown, and in which order.
import { searchable } from "./row.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {import("../index.js").ApprovalsFilter} Filter */
/** @typedef {import("../index.js").ApprovalsSort} Sort */

/** Whether a request belongs to a filter. Waiting, signed and ended together are all. @type {Record<Filter, (row: Row) => boolean>} */
const belongs = {
  mine: isMine,
  waiting: ({ signing }) => !signing.final,
  signed: ({ signing }) => signing.state === "signed",
  ended: ({ signing }) => signing.state === "rejected" || signing.state === "failed",
  all: () => true,
};

/** In the order in which they are offered. */
export const filters = /** @type {Filter[]} */ (Object.keys(belongs));

/** From what can still be decided to what is over. */
const stages = ["waiting", "new", "unknown", "approved", "signing", "signed", "rejected", "failed"];

/** So much of a text counts when it is sorted by. */
const compared = 300;
const collator = new Intl.Collator();

/**
 * What a request is sorted by; `undefined` goes last, whichever way round.
 *
 * @type {Record<string, (row: Row, names: ProductNames) => string | number | undefined>}
 *
 * @typedef {ReadonlyMap<string, string>} ProductNames by key
 */
const sortedBy = {
  // The younger, the less.
  age: ({ createdAt }) => createdAt && -createdAt.valueOf(),
  requester: ({ requester }) => requester?.name.slice(0, compared),
  product: (row, names) => nameOf(row, names).slice(0, compared) || undefined,
  artifact: ({ artifact }) => artifact.text.slice(0, compared) || undefined,
  state: ({ signing }) => stages.indexOf(signing.state),
};

/** What one can sort by. */
export const columns = Object.keys(sortedBy);

/** Every order. */
export const sorts = /** @type {Sort[]} */ (columns.flatMap((column) => [column, `-${column}`]));

/** The order by a column, or its reverse when it is that already. @param {Sort} sort @param {string} column */
export function turned(sort, column) {
  return /** @type {Sort} */ (sort === column ? `-${column}` : column);
}

/** May this request wait for this person? Where little is known, it may. @param {Row} row */
export function isMine({ foresight }) {
  return foresight.obstacle === undefined;
}

/** A request's product as it is called: by its name, or else its id. @param {Row} row @param {ProductNames} names */
export function nameOf({ productId, productKey }, names) {
  return names.get(productKey) || productId;
}

/** How many requests each filter would show. @param {Iterable<Row>} rows */
export function countsOf(rows) {
  const counts = { mine: 0, waiting: 0, signed: 0, ended: 0, all: 0 };
  for (const row of rows) for (const filter of filters) if (belongs[filter](row)) counts[filter] += 1;
  return counts;
}

/** Puts requests in order, and picks among them. What was put in order stays so until something changed. */
export class Arranging {
  /** @type {{ revision: number, queue: unknown, names: unknown, sort: Sort } | undefined} */
  #of;
  /** @type {Row[]} */
  #sorted = [];

  /**
   * @param {import("./queue.js").Queue} queue @param {ProductNames} names
   * @param {{ filter: Filter, search: string, sort: Sort }} view
   */
  arrange(queue, names, { filter, search, sort }) {
    const words = searchable(search)
      .split(/[\s…]+/)
      .filter(Boolean);
    const isFound = finder(words, names);
    return this.#inOrder(queue, names, sort).filter((row) => belongs[filter](row) && isFound(row));
  }

  /** @param {import("./queue.js").Queue} queue @param {ProductNames} names @param {Sort} sort */
  #inOrder(queue, names, sort) {
    const { revision } = queue;
    const known = this.#of;
    const isKnown = known?.queue === queue && known.revision === revision && known.names === names;
    if (isKnown && known.sort === sort) return this.#sorted;
    this.#of = { revision, queue, names, sort };
    this.#sorted = sorted(queue, names, sort);
    return this.#sorted;
  }
}

/** @param {import("./queue.js").Queue} queue @param {ProductNames} names @param {Sort} sort */
function sorted(queue, names, sort) {
  const isTurned = sort.startsWith("-");
  const value = sortedBy[isTurned ? sort.slice(1) : sort];
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
    return (isTurned ? -order : order) || a.place - b.place;
  });
  return entries.map(({ row }) => row);
}

/** @param {string | number} a @param {string | number} b */
function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

/** @param {string[]} words @param {ProductNames} names */
function finder(words, names) {
  /** What a search looks at of a product's name; a queue has few products. @type {Map<string, string>} */
  const products = new Map([...names].map(([key, name]) => [key, searchable(name)]));
  return (/** @type {Row} */ { searched, productKey }) => {
    const product = products.get(productKey) ?? "";
    return words.every((word) => searched.includes(word) || product.includes(word));
  };
}
