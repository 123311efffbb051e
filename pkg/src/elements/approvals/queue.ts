// All requests that were read so far, each once.

import type { Signing } from "ocisign";
import { foresee } from "../model/foresight.ts";
import type { Identity } from "../portal.ts";
import { keyOf, type Row, rowOf } from "./row.ts";

export class Queue {
  /** By key, as they were read. */
  #rows: Map<string, Row> = new Map();
  /** By key: the place in the service's own order, newest first. */
  #places: Map<string, number> = new Map();
  #newest = 0;
  #person: Identity | undefined;
  /** Another number after every change. */
  revision = 0;

  constructor(person?: Identity) {
    this.#person = person;
  }

  get size() {
    return this.#rows.size;
  }

  rows(): Iterable<Row> {
    return this.#rows.values();
  }

  placeOf({ key }: Row) {
    return this.#places.get(key) ?? 0;
  }

  /**
   * Takes requests as the service listed them. A known row is changed in place, so that what is drawn stays where it
   * is. Without `from`, the place of the first one, unknown requests count as newer than all others.
   *
   * @returns whether anything changed
   */
  take(signings: readonly Signing[], from?: number): boolean {
    const before = this.revision;
    // The newest last: each goes before all others.
    for (const [index, signing] of [...signings.entries()].reverse()) this.#takeOne(signing, from, index);
    return this.revision !== before;
  }

  #takeOne(signing: Signing, from: number | undefined, index: number) {
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

  /**
   * Forgets what the service does not show any more.
   *
   * @param keys those that it shows
   */
  keep(keys: Set<string>) {
    for (const key of this.#rows.keys()) {
      if (keys.has(key)) continue;
      this.#rows.delete(key);
      this.#places.delete(key);
      this.revision += 1;
    }
  }

  /** Foresees for another person. */
  foreseeFor(person: Identity | undefined) {
    this.#person = person;
    for (const row of this.rows()) row.foresight = foresee(row, person);
    this.revision += 1;
  }
}
