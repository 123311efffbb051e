// Whether there is an outage, and for how long: what those who call a service or a registry for a run go by.

/** So many failures one after the other are an outage: one alone is not. */
const outageFrom = 5;
/** Between two failures no more time counts: a machine that slept meanwhile saw no outage. */
const longestGapMs = 120_000;

/** How a failure is counted. */
export interface Failure {
  /** When the first call of an outage began, by `performance.now()`; else its time counts from its end. */
  readonly began?: number;
  /** A rest that the other side has asked for; the time until the next failure counts with it. */
  readonly askedMs?: number;
  /** False: it takes time, but the other side is there, as one is that refuses what is too much. */
  readonly isAway?: boolean;
}

/** The failures since the last answer. */
export class Outage {
  #failures = 0;
  #ms = 0;
  #last: { readonly at: number; readonly askedMs: number } | undefined;

  /** Is nobody answered? */
  get isOut(): boolean {
    return this.#failures >= outageFrom;
  }

  /** For how long nobody has got an answer, in milliseconds. */
  get ms(): number {
    return this.#ms;
  }

  answered(): void {
    this.#failures = 0;
    this.#ms = 0;
    this.#last = undefined;
  }

  failed({ began, askedMs = 0, isAway = true }: Failure = {}): void {
    const now = performance.now();
    const { at, askedMs: rest } = this.#last ?? { at: began ?? now, askedMs: 0 };
    this.#ms += Math.min(now - at, longestGapMs + rest);
    this.#last = { at: now, askedMs };
    if (isAway) this.#failures += 1;
  }
}
