// All requests that were read so far, each once.
import { foresee } from "../model/decision.js";
import { keyOf, rowOf } from "./row.js";

/** @typedef {import("./row.js").Row} Row */

export class Queue {
  /** By key, as they were read. @type {Map<string, Row>} */
  #rows = new Map();
  /** By key: the place in the service's own order, newest first. @type {Map<string, number>} */
  #places = new Map();
  #newest = 0;
  /** @type {import("../index.js").Identity | undefined} */
  #person;
  /** Another number after every change. */
  revision = 0;

  /** @param {import("../index.js").Identity} [person] */
  constructor(person) {
    this.#person = person;
  }

  get size() {
    return this.#rows.size;
  }

  /** @returns {Iterable<Row>} */
  rows() {
    return this.#rows.values();
  }

  /** @param {Row} row */
  placeOf({ key }) {
    return this.#places.get(key) ?? 0;
  }

  /**
   * Takes requests as the service listed them. A row that is known is changed in place, so that whatever is drawn
   * stays where it is. Without `from`, the place of the first one, what is not known yet is newer than all else.
   *
   * @param {Signing[]} signings @param {number} [from]
   * @returns {boolean} whether anything changed
   *
   * @typedef {import("ocisign").Signing} Signing
   */
  take(signings, from) {
    const before = this.revision;
    // The newest last: each goes before all others.
    for (let index = signings.length - 1; index >= 0; index--) this.#takeOne(signings[index], from, index);
    return this.revision !== before;
  }

  /** @param {Signing} signing @param {number | undefined} from @param {number} index */
  #takeOne(signing, from, index) {
    const key = keyOf(signing.id);
    const known = this.#rows.get(key);
    if (from !== undefined) this.#places.set(key, from + index);
    else if (!known) this.#places.set(key, --this.#newest);
    if (known && JSON.stringify(known.signing) === JSON.stringify(signing)) return;
    const row = rowOf(signing, this.#person);
    if (known) Object.assign(known, row);
    else this.#rows.set(key, row);
    this.revision += 1;
  }

  /** Forgets what the service does not show any more. @param {Set<string>} keys those that it shows */
  keep(keys) {
    for (const key of this.#rows.keys()) {
      if (keys.has(key)) continue;
      this.#rows.delete(key);
      this.#places.delete(key);
      this.revision += 1;
    }
  }

  /** Foresees for another person. @param {import("../index.js").Identity | undefined} person */
  foreseeFor(person) {
    this.#person = person;
    for (const row of this.rows()) row.foresight = foresee(row, person);
    this.revision += 1;
  }
}
