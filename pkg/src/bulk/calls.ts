// The calls of a run to the service: at a pace that suits it, and through outages.
import { waitAfter } from "../core.ts";
import { OcisignError } from "../error.ts";
import { pause } from "../http/deadline.ts";
import { Outage } from "../http/outage.ts";
import type { Pace } from "../http/pace.ts";
import { askedMs, checkSignal } from "../service/call.ts";
import { passes } from "../service/passing.ts";
import { again } from "./again.ts";
import { isOverload } from "./overload.ts";
import { RefusedTokens } from "./refused-tokens.ts";

/** How often a stranger may answer at an address where nothing was read yet: it may be the wrong one. */
const firstLooks = 4;
const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** What a run's calls have in common. */
export interface CallsSettings {
  readonly pace: Pace;
  readonly patienceMs: number;
  /** Reads something small, to see whether the service answers again. */
  readonly probe: (signal: AbortSignal) => Promise<unknown>;
  /** Nothing begins after it. */
  readonly signal: AbortSignal;
}

/** What a look came to. */
export type Look<T> =
  | { readonly value: T }
  | {
      readonly error: unknown;
      readonly passes: boolean;
      /** How long the service asked to wait. */
      readonly askedMs: number;
    };

/** Calls the service for a run. */
export class Calls {
  readonly #settings: CallsSettings;
  /** Did the service ever answer as itself? */
  #isKnown = false;
  #strangers = 0;
  readonly #refusedTokens = new RefusedTokens();
  readonly #outage = new Outage();
  /** Looks whether the outage is over. */
  #probing: Promise<void> | undefined;

  constructor(settings: CallsSettings) {
    this.#settings = settings;
  }

  /** Reads, and again until there is an answer. @throws what does not pass by itself, or has lasted too long */
  async read<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      if (this.#outage.isOut) await this.#isUp();
      const outcome = await this.#once(work, this.#settings.signal);
      if ("value" in outcome) return outcome.value;
      if (outcome.how === "no") throw outcome.error;
      await this.#pause(tries);
    }
  }

  /**
   * Acts. What the service has refused as too much is sent again; all else is sent once.
   *
   * @param cut ends it, when it is under way already
   */
  async act<T>(work: (signal: AbortSignal) => Promise<T>, cut: AbortSignal): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      if (this.#outage.isOut) await this.#isUp();
      const outcome = await this.#once(work, cut);
      if ("value" in outcome) return outcome.value;
      if (outcome.how !== "later") throw outcome.error;
      await this.#pause(tries);
    }
  }

  /** Reads once, with no end of its patience: whoever waits for people waits through all outages. */
  async look<T>(work: (signal: AbortSignal) => Promise<T>): Promise<Look<T>> {
    checkSignal(this.#settings.signal);
    const outcome = await this.#once(work, this.#settings.signal, true);
    if ("value" in outcome) return outcome;
    const { error, how } = outcome;
    return { error, passes: how !== "no", askedMs: error instanceof OcisignError ? askedMs(error) : 0 };
  }

  async #pause(tries: number): Promise<void> {
    const { signal } = this.#settings;
    await pause(waitAfter(firstPauseMs, longestPauseMs, tries, Math.random()), signal);
    checkSignal(signal);
  }

  /** Waits while there is an outage: only one call goes on meanwhile, which looks whether it is over. */
  async #isUp(): Promise<void> {
    const { signal } = this.#settings;
    while (this.#outage.isOut) {
      checkSignal(signal);
      this.#probing ??= this.#probe().finally(() => {
        this.#probing = undefined;
      });
      await this.#probing;
    }
    checkSignal(signal);
  }

  async #probe(): Promise<void> {
    const { probe, signal } = this.#settings;
    for (let tries = 0; ; tries += 1) {
      const outcome = await this.#once(probe, signal);
      if ("value" in outcome) return;
      // A refusal is an answer, too, but one of what ends every run.
      if (outcome.how === "no") {
        if (isOfAll(outcome.error)) throw outcome.error;
        return;
      }
      await this.#pause(tries);
    }
  }

  /** @param isEndless does not mind how long an outage lasts */
  async #once<T>(
    work: (signal: AbortSignal) => Promise<T>,
    cut: AbortSignal,
    isEndless = false,
  ): Promise<{ value: T } | { error: unknown; how: "later" | "away" | "no" }> {
    const { pace, signal } = this.#settings;
    const ended = pace.now() ?? (await pace.turn(signal));
    if (signal.aborted) {
      ended("failed");
      checkSignal(signal);
    }
    try {
      const value = await work(cut);
      ended("well");
      this.#outage.answered();
      this.#isKnown = true;
      this.#refusedTokens.accepted();
      return { value };
    } catch (error) {
      const isOneToken = this.#isKnown && this.#refusedTokens.isOne(error);
      const how = isOneToken ? "later" : howItFailed(error);
      if (how === "no") {
        const wasAborted = error instanceof OcisignError && error.code === "aborted";
        ended(wasAborted ? "failed" : "well");
        if (!wasAborted) this.#outage.answered();
        return { error, how };
      }
      const asked = error instanceof OcisignError ? askedMs(error) : 0;
      this.#outage.failed({ askedMs: asked, isAway: how === "away" });
      const isBusy = isOverload(error, this.#outage.isOut);
      // A rest beyond all patience ends what is not endless. It is that call's alone, and no rest of all others.
      const restMs = asked > this.#settings.patienceMs ? 0 : asked;
      ended(isBusy ? { busy: true, askedMs: restMs } : "failed");
      this.#endIfTooLong(error, asked, isEndless);
      return { error, how };
    }
  }

  /** @throws {TooLong} */
  #endIfTooLong(error: unknown, asked: number, isEndless: boolean): void {
    if (passes(error) === "strange") this.#strangers += 1;
    if (isEndless) return;
    const isWrongAddress = this.#strangers >= firstLooks && !this.#isKnown;
    if (isWrongAddress) throw new TooLong(error, error);
    if (this.#outage.ms + asked > this.#settings.patienceMs) throw tooLong(error, asked);
  }
}

/** Ends a run: what did not pass in time. */
export class TooLong extends Error {
  /** Of the call. */
  readonly failure: unknown;
  /** For the caller of the run. */
  readonly said: unknown;

  constructor(failure: unknown, said: unknown) {
    super("It has lasted too long.");
    this.failure = failure;
    this.said = said;
  }
}

/** A refusal that would repeat for every image: of the token, or of what is the same in each request. */
export function isOfAll(error: unknown): boolean {
  return !(error instanceof OcisignError) || !ofOneImage.test(error.code);
}

/** Codes that say something of one image, and nothing of the next. */
const ofOneImage = /^(bad-request|conflict|not-found|forbidden|registry-mismatch)$/;

function howItFailed(error: unknown): "later" | "away" | "no" {
  if (!(error instanceof OcisignError)) return "no";
  // In doubt, an answer that is refused for its content is no stranger's, but the service's own.
  if (error.code === "rate-limited") return "later";
  return passes(error) === "no" ? "no" : "away";
}

function tooLong(error: unknown, asked: number): TooLong {
  if (!(error instanceof OcisignError)) return new TooLong(error, error);
  const why =
    asked > 0 ? "The service asks for more patience than there is" : "The outage has lasted too long";
  const fix = "Start again when the service answers; patienceMs gives more time.";
  return new TooLong(error, again(error, `${why}: ${error.message}`, fix));
}
