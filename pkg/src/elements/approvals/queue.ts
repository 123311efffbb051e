// All requests that were read so far, each once.

import type { Signing } from "ocisign";
import { foldedId } from "../../service/same-id.ts";
import type { NameSources } from "../../shown/names.ts";
import type { Unreadable } from "../../shown/unreadable.ts";
import { wordsOf } from "../model/errors.ts";
import type { Identity } from "../portal.ts";
import { foreseen, type Row, rowOf } from "./row.ts";

/** So many requests are worked on at once. */
const atOnce = 50;

export class Queue {
  /** By key, as they were read. */
  #rows: Map<string, Row> = new Map();
  /** By key: the place in the service's own order, newest first. */
  #places: Map<string, number> = new Map();
  #newest = 0;
  /** What could not be read, by its key, or else by its place in the service's own order. */
  #unreadable: Map<string | number, Unreadable> = new Map();
  #person: Identity | undefined;
  #names: NameSources;
  /** Another number after every change. */
  revision = 0;

  constructor(person?: Identity, names: NameSources = []) {
    this.#person = person;
    this.#names = names;
  }

  /** The number of requests, with those that could not be read. */
  get size() {
    return this.#rows.size + this.#unreadable.size;
  }

  /** What could not be read, in the service's own order. */
  get unreadable(): Unreadable[] {
    return [...this.#unreadable.values()].sort((a, b) => a.index - b.index);
  }

  /**
   * Takes what could not be read of a part of the list.
   *
   * @param unreadable with their places in the whole list
   * @param from the place of the part's first element
   * @param count how many elements the part has, readable or not
   */
  takeUnreadable(unreadable: readonly Unreadable[], from: number, count: number) {
    const known = this.#unreadable;
    const before = JSON.stringify(placesOf(known));
    for (const [key, { index }] of known) if (index >= from && index < from + count) known.delete(key);
    // One that has moved since has the same id, if it has any.
    for (const one of unreadable) known.set(one.id ? foldedId(one.id) : one.index, one);
    if (before !== JSON.stringify(placesOf(known))) this.revision += 1;
  }

  rows(): Iterable<Row> {
    return this.#rows.values();
  }

  /** The request of this key, if it was read. */
  get(key: string): Row | undefined {
    return this.#rows.get(key);
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

  /** The same, with a breath after every few of them, so that the page answers to the person meanwhile. */
  async takeCalmly(signings: readonly Signing[], breath: () => Promise<void>, from?: number): Promise<void> {
    for (let end = signings.length; end > 0; end -= atOnce) {
      const begin = Math.max(0, end - atOnce);
      if (end < signings.length) await breath();
      this.take(signings.slice(begin, end), from === undefined ? undefined : from + begin);
    }
  }

  #takeOne(signing: Signing, from: number | undefined, index: number) {
    const key = foldedId(signing.id);
    const known = this.#rows.get(key);
    if (from !== undefined) this.#places.set(key, from + index);
    else if (!known) this.#places.set(key, --this.#newest);
    if (known && JSON.stringify(known.signing) === JSON.stringify(signing)) return;
    const row = rowOf(signing, this.#person, this.#names);
    if (known) Object.assign(known, row);
    else this.#rows.set(key, row);
    this.revision += 1;
  }

  /**
   * Forgets what the service does not show any more.
   *
   * @param keys those that it shows
   * @param unreadable all that could not be read
   */
  keep(keys: Set<string>, unreadable: readonly Unreadable[]) {
    this.takeUnreadable(unreadable, 0, Number.POSITIVE_INFINITY);
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
    for (const row of this.rows()) Object.assign(row, foreseen(row, person));
    this.revision += 1;
  }
}

function placesOf(unreadable: ReadonlyMap<string | number, Unreadable>) {
  return [...unreadable.values()].map(({ index, id, error }) => [index, id, wordsOf(error).message]);
}
