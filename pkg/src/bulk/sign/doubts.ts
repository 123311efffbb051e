// Requests of which it is not known whether the service has them. All share one search, which is repeated until a POST
// that is still being worked on would be in the list. Only then "not found" is believed, and only of a complete search.
import { waitAfter } from "../../core.ts";
import { OcisignError } from "../../error.ts";
import { pause } from "../../http/deadline.ts";
import type { Signing } from "../../service/signing.ts";
import { again } from "../again.ts";
import { TooLong } from "../calls.ts";
import type { Item } from "./list.ts";
import type { Finds, Sought } from "./search.ts";

const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** So many lists in a row that lack what the service has accepted are not whole. */
const mostLacking = 4;
const endedBefore = "The run ended before it could be looked for.";

/** A POST that may have been taken. */
export interface Doubt extends Sought {
  readonly item: Item;
  /** What it failed with; nothing where an earlier run was broken off. */
  readonly error: OcisignError | undefined;
  /** For how long it was tried: from the failure of its first POST to that of its last one. */
  readonly triedMs: number;
  /** How many of its POSTs have brought no answer. */
  readonly tries: number;
  /** When its first POST failed, if one of this run has. */
  readonly since: number | undefined;
  /** A search that begins earlier proves nothing by not finding it, by `performance.now()`. */
  readonly until: number;
}

/** A doubt that is looked for. */
interface Open {
  readonly doubt: Doubt;
  /** How many whole searches have not found it, and how many were not whole. */
  absent: number;
  lacking: number;
}

/** What becomes of a doubt. */
export interface Settling {
  found(doubt: Doubt, signing: Signing): void;
  /** The service has none of it. */
  absent(doubt: Doubt): void;
  unsettled(item: Item, error: OcisignError): void;
  /** Ends the run. */
  failed(error: unknown): void;
}

/** The doubts of a run. */
export class Doubts {
  readonly #look: (sought: readonly Sought[]) => Promise<Finds>;
  readonly #settling: Settling;
  readonly #signal: AbortSignal;
  readonly #open = new Map<string, Open>();
  /** When the last look has ended. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Is somebody looking? It ends in the very step in which no doubt is open any more. */
  #isLooking = false;
  #looking: Promise<void> | undefined;

  constructor(look: (sought: readonly Sought[]) => Promise<Finds>, settling: Settling, signal: AbortSignal) {
    this.#look = look;
    this.#settling = settling;
    this.#signal = signal;
  }

  /** Takes a doubt; what comes of it is told. */
  add(doubt: Doubt): void {
    if (this.#signal.aborted) {
      this.#giveUp(doubt, endedBefore);
      return;
    }
    this.#open.set(doubt.key, { doubt, absent: 0, lacking: 0 });
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#looking = this.#lookOn();
  }

  /** When no doubt is open. */
  async idle(): Promise<void> {
    while (this.#isLooking) await this.#looking;
  }

  async #lookOn(): Promise<void> {
    try {
      for (let looks = 0, tookMs = 0; this.#open.size > 0; looks += 1) {
        await this.#rest(looks, tookMs);
        if (this.#signal.aborted) break;
        const began = performance.now();
        const sought = [...this.#open.values()];
        this.#judge(sought, await this.#look(sought.map(({ doubt }) => doubt)), began);
        this.#lookedAt = performance.now();
        tookMs = this.#lookedAt - began;
      }
    } catch (error) {
      this.#unreadable(error);
    }
    for (const { doubt } of this.#open.values()) this.#giveUp(doubt, endedBefore);
    this.#isLooking = false;
  }

  /** Not often, while searches may find little; and at once when one would be believed. */
  async #rest(looks: number, tookMs: number): Promise<void> {
    const usual = Math.max(
      waitAfter(firstPauseMs, longestPauseMs, looks, Math.random()),
      Math.min(2 * tookMs, longestPauseMs),
    );
    const now = performance.now();
    const next = this.#nextUntil - now;
    // Behind the moment, as a search has to begin after it.
    const wanted = next < 0 ? (looks === 0 ? 0 : usual) : Math.min(usual, next + 1);
    // Doubts that come one by one, and are settled at once, must not make one look follow the other.
    const ms = Math.max(wanted, Math.min(firstPauseMs, this.#lookedAt + firstPauseMs - now));
    if (ms > 0) await pause(ms, this.#signal);
  }

  get #nextUntil(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { doubt } of this.#open.values()) next = Math.min(next, doubt.until);
    return next;
  }

  #judge(sought: readonly Open[], { found, unclear, lacking, pages }: Finds, began: number): void {
    for (const open of sought) {
      const { doubt } = open;
      const signing = found.get(doubt.key);
      const why = unclear.get(doubt.key);
      if (signing) {
        this.#open.delete(doubt.key);
        this.#settling.found(doubt, signing);
      } else if (began < doubt.until) {
        // Too early to say anything.
      } else if (why !== undefined) {
        this.#giveUp(doubt, `A search did not settle it: ${why}.`);
      } else if (lacking !== undefined) {
        open.lacking += 1;
        // A list may be behind for a moment.
        if (open.lacking === mostLacking) this.#giveUp(doubt, `A search did not settle it: ${lacking}.`);
      } else {
        open.absent += 1;
        // What has moved from one page to another while the list was read may be missed once.
        if (open.absent < (pages > 1 ? 2 : 1)) continue;
        this.#open.delete(doubt.key);
        this.#settling.absent(doubt);
      }
    }
  }

  #unreadable(error: unknown): void {
    const failure = error instanceof TooLong ? error.failure : error;
    const said = failure instanceof OcisignError ? failure.message : "an unknown failure.";
    const wasStopped = this.#signal.aborted;
    for (const { doubt } of this.#open.values()) {
      this.#giveUp(doubt, wasStopped ? endedBefore : `The list of requests could not be read. ${said}`);
    }
    const isRefusal = error instanceof OcisignError && /^(forbidden|not-found|bad-request)$/.test(error.code);
    if (!isRefusal && !wasStopped) this.#settling.failed(error);
  }

  #giveUp(doubt: Doubt, why: string): void {
    this.#open.delete(doubt.key);
    this.#settling.unsettled(doubt.item, doubtError(doubt, why));
  }
}

/** Says that it is not known whether there is a request. @param why a search could not settle it */
export function doubtError({ item, error }: Pick<Doubt, "item" | "error">, why: string): OcisignError {
  const what = `Whether the service has a request of ${item.reference.canonical} is not known. ${why}`;
  const began = error ? ` It began with: ${error.message}` : " An earlier run was broken off.";
  const fix = "Look for the image in the list of requests before you request it again.";
  return again(error, what + began, fix, "maybe");
}
