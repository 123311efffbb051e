// How a run ends: nothing begins any more, what is under way is told first, and after a while it is cut.
import { pause } from "../http/deadline.ts";
import { checkSignal } from "../service/call.ts";
import { TooLong } from "./calls.ts";

/** How long a caller who has enough waits for what is under way. */
export const graceMs = 3000;

export class Ending {
  readonly #stopping = new AbortController();
  readonly #cutting = new AbortController();
  readonly #over = new AbortController();
  readonly #stopped: () => void;
  #failure: { readonly error: unknown } | undefined;

  /** @param stopped is called when nothing begins any more */
  constructor(stopped: () => void) {
    this.#stopped = stopped;
  }

  /** Nothing begins after it. */
  get stop(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Ends what is under way. */
  get cut(): AbortSignal {
    return this.#cutting.signal;
  }

  /** What ended it first. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** The caller's signal has fired. */
  abort(signal: AbortSignal | undefined): void {
    try {
      checkSignal(signal);
    } catch (error) {
      this.fail(error, graceMs);
    }
  }

  /** Ends the run: what is under way is told first. */
  fail(error: unknown, grace?: number): void {
    this.#failure ??= { error: error instanceof TooLong ? error.said : error };
    this.begin(grace);
  }

  /** @param grace how long what is under way may go on; without it, as long as a call may take */
  begin(grace?: number): void {
    this.#stopping.abort();
    this.#stopped();
    if (grace === undefined || this.#over.signal.aborted) return;
    const cut = async () => {
      await pause(grace, this.#over.signal);
      this.#cutting.abort();
    };
    cut();
  }

  /** Nothing is under way any more. */
  end(): void {
    this.#over.abort();
  }
}
