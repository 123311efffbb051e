// Waits for the ends of many requests. One list tells of all of them; only a few are asked for one by one.
import { quote, waitAfter } from "../../core.ts";
import { OcisignError } from "../../error.ts";
import { pause } from "../../http/deadline.ts";
import type { SigningClient } from "../../service/client.ts";
import { foldedId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import { type AllRequests, packed, unpacked } from "../all-requests.ts";
import type { Calls } from "../calls.ts";
import type { BulkItem } from "../outcome.ts";
import { sideBySide } from "../side-by-side.ts";

const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** After a long list, but not after an outage. */
const mostRestMs = 60_000;
/** Between two looks at many: where one ends each second, each look shows something new. */
const leastPauseMs = 5000;
/** So many or fewer are asked for one by one. */
const few = 4;
/** A list with so many others for each that is waited for costs more than to ask one by one. */
const mostOthers = 100;

/** A request that is to be waited for. */
export interface ToWatch {
  readonly item: BulkItem;
  readonly id: string;
  /** As it was seen last; nothing if an earlier run has made it, and it was not seen yet. */
  readonly signing: Signing | undefined;
  readonly takenUp: boolean;
}

/** What became of one. */
export type WatchEnd = ToWatch & {
  /** Why it cannot be waited for any longer. */
  readonly error?: OcisignError | undefined;
};

/** One that is waited for, as text: thousands may wait. */
interface Watched {
  readonly item: BulkItem;
  readonly id: string;
  readonly takenUp: boolean;
  text: string | undefined;
  code: number | undefined;
}

export interface WatchSettings {
  readonly client: SigningClient;
  readonly requests: AllRequests;
  readonly calls: Calls;
  readonly atOnce: number;
  readonly signal: AbortSignal;
  /** It is final, or cannot be waited for any longer. */
  readonly ended: (end: WatchEnd) => void;
  /** Ends the run. */
  readonly failed: (error: unknown) => void;
}

/** The requests of a run that are waited for. */
export class Watch {
  readonly #settings: WatchSettings;
  /** By id. */
  readonly #watched = new Map<string, Watched>();
  #until = Number.POSITIVE_INFINITY;
  /** Is somebody looking? It ends in the very step in which nothing is waited for any more. */
  #isLooking = false;
  #looking: Promise<void> | undefined;
  #isListUseful = true;
  /** When many were looked at last, by `performance.now()`. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** How many looks have shown nothing new. */
  #unchanged = 0;
  /** The service has asked for rest, by `performance.now()`. */
  #restsUntil = 0;

  constructor(settings: WatchSettings) {
    this.#settings = settings;
  }

  add(watched: ToWatch): void {
    if (watched.signing?.final || this.#settings.signal.aborted) {
      this.#settings.ended(watched);
      return;
    }
    const id = foldedId(watched.id);
    if (this.#watched.has(id)) {
      // Which image the request is really for, only the service knows.
      this.#settings.ended({ ...watched, error: twice(watched.id) });
      return;
    }
    const { signing, item, takenUp } = watched;
    // No more of the item than is told.
    const { index, reference } = item;
    const text = signing && packed(signing);
    this.#watched.set(id, { item: { index, reference }, id: watched.id, takenUp, text, code: signing?.code });
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#looking = this.#lookOn();
  }

  /** When all are final, or the time is over. @param timeoutMs from now */
  async idle(timeoutMs: number): Promise<void> {
    this.#until = performance.now() + timeoutMs;
    while (this.#isLooking) {
      const left = this.#until - performance.now();
      // A look under way is not waited for beyond the time.
      if (Number.isFinite(left)) await Promise.race([this.#looking, pause(left, this.#settings.signal)]);
      else await this.#looking;
      if (this.#until - performance.now() <= 0) break;
    }
    this.#tellRest();
  }

  #tellRest(): void {
    for (const id of [...this.#watched.keys()]) this.#end(id);
  }

  async #lookOn(): Promise<void> {
    const { signal } = this.#settings;
    for (let tookMs = 0; this.#watched.size > 0 && !signal.aborted; ) {
      const usual = Math.max(
        waitAfter(firstPauseMs, longestPauseMs, this.#unchanged, Math.random()),
        Math.min(2 * tookMs, mostRestMs),
        this.#restMs,
        this.#restsUntil - performance.now(),
      );
      await pause(Math.max(0, Math.min(usual, this.#until - performance.now())), signal);
      if (signal.aborted || performance.now() >= this.#until) break;
      // Few may have become many meanwhile; and no timer counts so far as a service may ask.
      if (this.#restMs > 0 || this.#restsUntil > performance.now()) continue;
      this.#unchanged += 1;
      const began = performance.now();
      try {
        await this.#look();
      } catch (error) {
        if (!signal.aborted) this.#settings.failed(error);
      }
      tookMs = performance.now() - began;
    }
    this.#isLooking = false;
    if (signal.aborted) this.#tellRest();
  }

  /** How long many are not to be looked at. */
  get #restMs(): number {
    return this.#watched.size > few ? this.#lookedAt + leastPauseMs - performance.now() : 0;
  }

  async #look(): Promise<void> {
    const { client, calls, atOnce } = this.#settings;
    if (this.#watched.size > few) this.#lookedAt = performance.now();
    const asked = new Set(this.#watched.keys());
    if (this.#isListUseful && asked.size > few && !(await this.#lookAlong(asked))) return;
    await sideBySide([...asked], atOnce, async (id) => {
      const watched = this.#watched.get(id);
      if (!watched) return;
      const read = await calls.look((signal) => client.signing(watched.id, { signal }));
      if ("value" in read) this.#see(id, read.value);
      else if (!read.passes && read.error instanceof OcisignError) this.#end(id, read.error);
      else if (!read.passes) throw read.error;
      else this.#rest(read.askedMs);
    });
  }

  /** Looks along the list. @param asked loses what the list shows @returns false: try again later */
  async #lookAlong(asked: Set<string>): Promise<boolean> {
    const { calls, requests } = this.#settings;
    let passes = false;
    let shown = 0;
    try {
      await requests.walk(
        async (work) => {
          const read = await calls.look(work);
          if ("value" in read) return read.value;
          passes = read.passes;
          this.#rest(read.askedMs);
          throw read.error;
        },
        () => ({
          see: (signing) => {
            shown += 1;
            const id = foldedId(signing.id);
            if (asked.delete(id)) this.#see(id, signing);
            return undefined;
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof OcisignError) || this.#settings.signal.aborted) throw error;
      if (passes) return false;
      this.#isListUseful = false;
      return true;
    }
    this.#isListUseful = shown <= mostOthers * this.#watched.size || this.#watched.size === 0;
    return true;
  }

  #rest(askedMs: number): void {
    this.#restsUntil = Math.max(this.#restsUntil, performance.now() + askedMs);
  }

  #see(id: string, signing: Signing): void {
    const watched = this.#watched.get(id);
    if (!watched) return;
    if (watched.code !== signing.code) this.#unchanged = 0;
    watched.code = signing.code;
    if (signing.final) {
      this.#watched.delete(id);
      this.#settings.ended({ item: watched.item, id: watched.id, takenUp: watched.takenUp, signing });
    } else {
      watched.text = packed(signing);
    }
  }

  #end(id: string, error?: OcisignError): void {
    const watched = this.#watched.get(id);
    this.#watched.delete(id);
    if (!watched) return;
    const { item, id: given, takenUp, text } = watched;
    const signing = text === undefined ? undefined : unpacked(text);
    this.#settings.ended({ item, id: given, takenUp, signing, error });
  }
}

function twice(id: string): OcisignError {
  const message = `The service gave the request ${quote(id)} to two images.`;
  const fix = "Report it to the service's operators, and look at the request before anybody approves it.";
  return new OcisignError("bad-reply", message, fix);
}
