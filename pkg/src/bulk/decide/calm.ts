// Reads at a pace that the service can bear: of a service that limits its rate, many requests are read all the same.
import { OcisignError } from "../../error.ts";
import { Outage } from "../../http/outage.ts";
import { Pace } from "../../http/pace.ts";
import { askedMs, checkSignal } from "../../service/call.ts";

const atOnce = 8;
/** So long a service may refuse everything as too much: somebody waits to see what was read. */
const patienceMs = 60_000;

/** Of a caller who never ends it. */
const never = new AbortController().signal;

export class Calm {
  readonly #pace = new Pace(atOnce);
  readonly #outage = new Outage();
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Reads once, and again as long as it is refused as too much. */
  async read<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (;;) {
      const turn = await this.#pace.turn(this.#signal);
      try {
        checkSignal(this.#signal);
        const value = await work(this.#signal ?? never);
        this.#outage.answered();
        turn("well");
        return value;
      } catch (error) {
        const isTooMuch = error instanceof OcisignError && error.code === "rate-limited";
        const asked = isTooMuch ? askedMs(error) : 0;
        turn(isTooMuch ? { busy: true, askedMs: asked } : "failed");
        if (!isTooMuch) throw error;
        this.#outage.failed({ askedMs: asked, isAway: false });
        if (this.#outage.ms + asked > patienceMs) throw error;
      }
    }
  }
}
