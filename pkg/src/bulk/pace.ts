// How much is asked of one host at the same time: as much as the caller allows, less while the host has too much to do.
// Each success adds a little, each refusal halves (additive increase, multiplicative decrease, as TCP does it, RFC 5681).
import { pause } from "../http/deadline.ts";

/** How one request ended, as far as the host's load is concerned. */
export type Ended =
  | "well"
  /** Refused as too much, or not answered. */
  | { readonly busy: true /** How long the host asked to wait. */; readonly askedMs: number };

/** A place that was taken; whoever has it says how it ended, once. */
export type Turn = (ended: Ended) => void;

const firstRestMs = 500;
const longestRestMs = 30_000;

/** The requests to one host. */
export class Pace {
  readonly #most: number;
  #limit: number;
  #underWay = 0;
  /** Nothing is asked before, by `performance.now()`. */
  #restsUntil = 0;
  /** When the limit was cut last: a request that had begun before says nothing new. */
  #cutAt = Number.NEGATIVE_INFINITY;
  /** Refusals since the last success. */
  #refusals = 0;
  #waiting: (() => void)[] = [];

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
    while (!signal?.aborted) {
      const rest = this.#restsUntil - performance.now();
      if (rest > 0) await pause(rest, signal);
      else if (this.#underWay >= this.limit) await this.#place(signal);
      else break;
    }
    this.#underWay += 1;
    const began = performance.now();
    return (ended) => {
      this.#underWay -= 1;
      if (ended === "well") this.#grow();
      else this.#cut(began, ended.askedMs);
      this.#wake();
    };
  }

  #grow(): void {
    this.#refusals = 0;
    this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit);
  }

  #cut(began: number, askedMs: number): void {
    const now = performance.now();
    if (began > this.#cutAt) {
      this.#cutAt = now;
      this.#limit = Math.max(1, this.#limit / 2);
      this.#refusals += 1;
    }
    // Chance parts those that were refused together.
    const rest = Math.min(longestRestMs, firstRestMs * 2 ** (this.#refusals - 1)) * (0.5 + Math.random() / 2);
    this.#restsUntil = Math.max(this.#restsUntil, now + Math.max(askedMs, rest));
  }

  #wake(): void {
    for (let free = this.limit - this.#underWay; free > 0; free -= 1) this.#waiting.shift()?.();
  }

  async #place(signal: AbortSignal | undefined): Promise<void> {
    let wake = () => {};
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#waiting.push(wake);
    signal?.addEventListener("abort", wake, { once: true });
    await woken;
    signal?.removeEventListener("abort", wake);
    this.#waiting = this.#waiting.filter((other) => other !== wake);
  }
}

/** A pace for each host, by the origin of its URL. */
export class Paces {
  readonly #most: number;
  readonly #paces = new Map<string, Pace>();

  /** @param most at the same time, for each host */
  constructor(most: number) {
    this.#most = most;
  }

  of(origin: string): Pace {
    const pace = this.#paces.get(origin) ?? new Pace(this.#most);
    this.#paces.set(origin, pace);
    return pace;
  }
}
