// The requests that a person picked, to look at them together. Only what they may decide about can be picked, and what
// is decided meanwhile is picked no more.
import { isMine } from "./arranging.ts";
import type { Queue } from "./queue.ts";
import type { Row } from "./row.ts";

export class Selection {
  #keys = new Set<string>();
  /** The one that was picked or left last, from where a range begins. */
  #last: string | undefined;

  get size() {
    return this.#keys.size;
  }

  has({ key }: Row) {
    return this.#keys.has(key);
  }

  canTake(row: Row) {
    return isMine(row);
  }

  set(row: Row, isPicked: boolean) {
    if (isPicked && this.canTake(row)) this.#keys.add(row.key);
    else this.#keys.delete(row.key);
    this.#last = row.key;
  }

  /** The same for all between the last one and this one. */
  setRange(rows: readonly Row[], to: Row, isPicked: boolean) {
    const [from, end] = [rows.findIndex(({ key }) => key === this.#last), rows.indexOf(to)];
    const between = from < 0 || end < 0 ? [to] : rows.slice(Math.min(from, end), Math.max(from, end) + 1);
    this.setAll(between, isPicked);
    this.#last = to.key;
  }

  setAll(rows: readonly Row[], isPicked: boolean) {
    for (const row of rows) this.set(row, isPicked);
  }

  clear() {
    this.#keys.clear();
    this.#last = undefined;
  }

  /** How many of these are picked, and how many can be. */
  among(rows: readonly Row[]) {
    const able = rows.filter((row) => this.canTake(row));
    return { able: able.length, picked: able.filter((row) => this.has(row)).length };
  }

  /** Lets go of what cannot be picked any more. @returns whether there was any */
  follow(queue: Queue): boolean {
    const before = this.#keys.size;
    for (const key of this.#keys) {
      const row = queue.get(key);
      if (!row || !this.canTake(row)) this.#keys.delete(key);
    }
    return this.#keys.size !== before;
  }

  /** The ids, in the order of the queue's own list. */
  ids(queue: Queue): string[] {
    const rows = [...this.#keys].map((key) => queue.get(key)).filter((row) => row !== undefined);
    return rows.sort((a, b) => queue.placeOf(a) - queue.placeOf(b)).map(({ signing }) => signing.id);
  }
}
