// How much is asked of one host at the same time: as much as the caller allows, less while the host has too much to do.
// Each success adds a little, each refusal halves (additive increase, multiplicative decrease, as TCP does it, RFC 5681).
import { follow } from "./deadline.ts";

/** How one request ended, as far as the host's load is concerned. */
export type Ended =
  | "well"
  /** It says nothing about the load: the connection broke, for instance. */
  | "failed"
  /** Refused as too much, or not answered. */
  | { readonly busy: true /** How long the host asked to wait. */; readonly askedMs: number };

/** A place that was taken; whoever has it says how it ended, once. */
export type Turn = (ended: Ended) => void;

const firstRestMs = 500;
const longestRestMs = 30_000;
/** Timers count no further. */
const longestTimerMs = 2 ** 31 - 1;

/** The requests to one host. */
export class Pace {
  readonly #most: number;
  #limit: number;
  #underWay = 0;
  /** Nothing is asked before, by `performance.now()`. */
  #restsUntil = 0;
  /** When the limit was cut last: a request that had begun before says nothing new. */
  #cutAt = Number.NEGATIVE_INFINITY;
  /** Rounds that were refused, less those that went well since. */
  #refusals = 0;
  /** Those who wait for a place: first come, first served. */
  readonly #waiting = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param most at the same time */
  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
  }

  /** How many may be under way now. */
  get limit(): number {
    return Math.max(1, Math.floor(this.#limit));
  }

  /** Waits for a place. After an abort it gives one at once: the caller looks at its signal. */
  async turn(signal?: AbortSignal): Promise<Turn> {
    if (!signal?.aborted && !this.#isFree) await this.#place(signal);
    return this.#take();
  }

  /** A place that is free at once; nothing if there is none. */
  now(): Turn | undefined {
    return this.#isFree ? this.#take() : undefined;
  }

  get #isFree(): boolean {
    const hasPlace = this.#waiting.size === 0 && this.#underWay < this.limit;
    return hasPlace && this.#restsUntil <= performance.now();
  }

  #take(): Turn {
    this.#underWay += 1;
    const began = performance.now();
    let isOver = false;
    return (ended) => {
      if (isOver) return;
      isOver = true;
      this.#underWay -= 1;
      // What began before the cut was asked of a host with more to do than now.
      const isNew = began > this.#cutAt;
      if (ended === "well") {
        if (isNew) this.#grow();
      } else if (ended !== "failed") {
        this.#cut(isNew, ended.askedMs);
      }
      this.#admit();
    };
  }

  #grow(): void {
    // Not to 0: the host may limit its rate, and then the rest that it needs is found once, and not after each success.
    this.#refusals = Math.max(0, this.#refusals - 1);
    this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit);
  }

  #cut(isNew: boolean, askedMs: number): void {
    const now = performance.now();
    let rest = askedMs;
    if (isNew) {
      this.#cutAt = now;
      this.#limit = Math.max(1, this.#limit / 2);
      const own = Math.min(longestRestMs, firstRestMs * 2 ** this.#refusals);
      this.#refusals += 1;
      // Chance parts the clients that were refused together.
      rest = Math.max(askedMs, own * (0.5 + Math.random() / 2));
    }
    this.#restsUntil = Math.max(this.#restsUntil, now + rest);
  }

  /** Resolves in the caller's turn, or when its signal fires. */
  async #place(signal: AbortSignal | undefined): Promise<void> {
    let unfollow = () => {};
    await new Promise<void>((resolve) => {
      const admitted = () => {
        this.#waiting.delete(admitted);
        // It is taken at once, or another one could come between.
        this.#underWay += 1;
        resolve();
      };
      this.#waiting.add(admitted);
      unfollow = follow(signal, admitted);
      this.#admit();
    });
    unfollow();
    this.#underWay -= 1;
    if (this.#waiting.size === 0) this.#rest(undefined);
  }

  /** Lets in those who wait, as many as have a place; looks again when the host's rest is over. */
  #admit(): void {
    for (const admitted of this.#waiting) {
      if (this.#underWay >= this.limit) return;
      const rest = this.#restsUntil - performance.now();
      if (rest > 0) {
        this.#rest(rest);
        return;
      }
      admitted();
    }
  }

  #rest(ms: number | undefined): void {
    clearTimeout(this.#timer);
    if (ms !== undefined) this.#timer = setTimeout(() => this.#admit(), Math.min(ms, longestTimerMs));
  }
}
