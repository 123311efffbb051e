// Reads for people who wait to see what was read: at a pace that the service can bear, and through its outages. What fails
// alone, while others are answered, is given up after a few tries.
import { waitAfter } from "../../core.ts";
import { OcisignError } from "../../error.ts";
import { pause } from "../../http/deadline.ts";
import { Outage } from "../../http/outage.ts";
import { Pace } from "../../http/pace.ts";
import { askedMs, checkSignal } from "../../service/call.ts";
import { passes } from "../../service/passing.ts";
import { isOverload } from "../overload.ts";
import { RefusedTokens } from "../refused-tokens.ts";

const atOnce = 8;
/** So long nobody may be answered, unless the caller has more patience: somebody waits to see what was read. */
const usualPatienceMs = 60_000;
/** What fails while others are answered is tried so often. */
const mostAlone = 8;
/** A stranger who answers so often, where the service was never seen, may be at a wrong address. */
const mostStrangers = 4;
const firstPauseMs = 500;
/** Eight tries of one request take about a quarter of a minute. */
const longestPauseMs = 4_000;

/** How the caller wants to wait. */
export interface CalmSettings {
  readonly signal: AbortSignal | undefined;
  /** How long nobody may be answered. */
  readonly patienceMs: number | undefined;
  /** Told once of each outage. */
  readonly onOutage: ((error: OcisignError) => void) | undefined;
}

type Work = (signal: AbortSignal) => Promise<unknown>;

export class Calm {
  readonly #pace = new Pace(atOnce);
  readonly #outage = new Outage();
  readonly #settings: CalmSettings;
  readonly #patienceMs: number;
  readonly #refusedTokens = new RefusedTokens();
  #answers = 0;
  #strangers = 0;
  #isTold = false;
  /** What was answered last: whether the service answers is seen by asking it again. */
  #answeredWork: Work | undefined;
  /** Why nothing more is read. */
  #end: OcisignError | undefined;

  constructor(settings: CalmSettings) {
    this.#settings = settings;
    this.#patienceMs = settings.patienceMs ?? usualPatienceMs;
  }

  /** Reads, and again while what failed passes by itself. @throws what does not, or lasts too long */
  async read<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#settings;
    const answers = this.#answers;
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.#once(work);
      if ("value" in outcome) return outcome.value;
      const { error } = outcome;
      // Too much is refused to anybody: it says nothing of what was asked for.
      const isItsOwn = tries % mostAlone === 0 && error.code !== "rate-limited";
      if (isItsOwn && (this.#answers > answers || (await this.#answersNow()))) throw error;
      await pause(waitAfter(firstPauseMs, longestPauseMs, tries - 1, Math.random()), signal);
    }
  }

  /** @throws what does not pass, or has lasted too long */
  async #once<T>(work: (signal: AbortSignal) => Promise<T>): Promise<{ value: T } | { error: OcisignError }> {
    const { signal } = this.#settings;
    const turn = await this.#pace.turn(signal);
    try {
      checkSignal(signal);
      if (this.#end) throw this.#end;
      const value = await work(signal ?? new AbortController().signal);
      turn("well");
      this.#answered(work);
      return { value };
    } catch (error) {
      if (error instanceof OcisignError && this.#answers > 0 && this.#refusedTokens.isOne(error)) {
        turn("failed");
        return { error };
      }
      if (this.#end || !(error instanceof OcisignError) || !isPassing(error)) {
        turn("failed");
        throw this.#end ?? error;
      }
      this.#failed(error);
      turn(isOverload(error, this.#outage.isOut) ? { busy: true, askedMs: askedMs(error) } : "failed");
      if (this.#end) throw error;
      this.#tellOutage(error);
      return { error };
    }
  }

  /** Does the service answer what it has answered before? */
  async #answersNow(): Promise<boolean> {
    const work = this.#answeredWork;
    return work !== undefined && "value" in (await this.#once(work));
  }

  #answered(work: Work): void {
    this.#answeredWork = work;
    this.#answers += 1;
    this.#refusedTokens.accepted();
    this.#outage.answered();
    this.#isTold = false;
  }

  #failed(error: OcisignError): void {
    const asked = askedMs(error);
    this.#outage.failed({ askedMs: asked, isAway: error.code !== "rate-limited" });
    if (passes(error) === "strange") this.#strangers += 1;
    const isWrongAddress = this.#answers === 0 && this.#strangers >= mostStrangers;
    if (isWrongAddress || this.#outage.ms + asked > this.#patienceMs) this.#end = error;
  }

  #tellOutage(error: OcisignError): void {
    if (this.#isTold || !this.#outage.isOut) return;
    this.#isTold = true;
    this.#settings.onOutage?.(error);
  }
}

/** A reply that was read, and says what cannot be, says so again. */
function isPassing(error: OcisignError): boolean {
  return error.code !== "bad-reply" && passes(error) !== "no";
}
