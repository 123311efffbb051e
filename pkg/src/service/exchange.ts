// A call to the service, as the module's rules have it (src/exchange.rs). What it has come to is kept here: the module
// remembers nothing between two calls.
import { failureOf, stepAfter, takenAfter } from "../core.ts";
import type { OcisignError, Taken } from "../error.ts";

/** How often a call is tried, and how long it waits in between. What is left out is as by default. */
export interface Retry {
  readonly attempts?: number;
  readonly baseMs?: number;
  readonly maxMs?: number;
}

/** What the module said of `taken`, by what it was asked: there are few statuses. */
const answers = new Map<string, Taken>();

/** One call in progress. */
export class Call {
  readonly #acts: boolean;
  readonly #retry: Retry;
  #sent = 1;
  #asked = false;

  /** @param acts says that it is a POST. */
  constructor(acts: boolean, retry: Retry) {
    this.#acts = acts;
    this.#retry = retry;
  }

  /** What to do after an answer with this HTTP status, or after none; a number is how many milliseconds to wait. */
  next(status: number | undefined, retryAfter: number | undefined): "read" | "ask" | "fail" | number {
    const { attempts, baseMs, maxMs } = this.#retry;
    const limits = [attempts, baseMs, maxMs] as const;
    const step = stepAfter(this.#acts, this.#sent, this.#asked, ...limits, status, retryAfter, Math.random());
    if (typeof step === "number") this.#sent += 1;
    if (step === "ask") this.#asked = true;
    return step;
  }

  /** The error of a reply that is not a success. */
  failure(doing: string, status: number, retryAfter: number | undefined, said?: string): OcisignError {
    return failureOf(this.#acts, doing, status, retryAfter, said);
  }

  /** May the service have done what was asked, when the call failed with this HTTP status, or without an answer? */
  taken(status?: number): Taken {
    const asked = `${this.#acts} ${status}`;
    const known = answers.get(asked) ?? takenAfter(this.#acts, status);
    answers.set(asked, known);
    return known;
  }
}
