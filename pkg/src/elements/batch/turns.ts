// Which rows are drawn in an update: a decision moves hundreds at once, and all of them would hold up the page.
import type { Row } from "./arranged.ts";

/** So many rows are drawn in one update, beside those that the person or the service just changed. */
export const atOnce = 10;

/** What a row is drawn by. */
export interface Moves {
  /** What changes in one row alone: it is drawn at once. */
  readonly own: readonly unknown[];
  /** What changes in all of them: each is drawn when its turn comes. */
  readonly shared: readonly unknown[];
}

export interface Turn {
  readonly row: Row;
  /** What it is drawn by now, or was drawn by last while its turn is still to come. */
  readonly moves: unknown[];
}

export class Turns {
  /** Some rows are not drawn as they are. */
  isBehind = false;
  #last = new Map<string, Moves>();

  take(rows: readonly Row[], movesOf: (row: Row) => Moves): Turn[] {
    const drawn = new Map<string, Moves>();
    let left = atOnce;
    this.isBehind = false;
    for (const row of rows) {
      const [last, now] = [this.#last.get(row.key), movesOf(row)];
      const isMoved = last !== undefined && !isSame(last.own, now.own);
      if (isMoved || (last && isSame(last.shared, now.shared))) drawn.set(row.key, now);
      else if (left > 0) {
        left -= 1;
        drawn.set(row.key, now);
      } else {
        this.isBehind = true;
        if (last) drawn.set(row.key, last);
      }
    }
    this.#last = drawn;
    return rows.flatMap((row) => {
      const moves = drawn.get(row.key);
      return moves ? { row, moves: [...moves.own, ...moves.shared] } : [];
    });
  }
}

function isSame(one: readonly unknown[], other: readonly unknown[]) {
  return one.every((value, at) => value === other[at]);
}
