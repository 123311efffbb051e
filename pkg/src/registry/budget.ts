// What all calls for one question may cost together. Each call has limits of its own; a registry could still make us
// call it a thousand times. Calls that are made at once share what is left: each byte counts as it comes.

/** What it may cost to ask a registry. */
export interface RegistryLimits {
  /** For one call to the registry, in milliseconds. Default 30,000. */
  timeoutMs?: number | undefined;
  /** For all calls together, in milliseconds. Default 300,000: five minutes. */
  totalTimeoutMs?: number | undefined;
  /** What all replies may have together, in bytes of their decoded bodies. Default 67,108,864: 64 MiB. */
  totalBytes?: number | undefined;
}

/** Counts what is left. */
export class Budget {
  readonly totalTimeoutMs: number;
  readonly totalBytes: number;
  /** When it ends, by `performance.now()`. */
  #until: number;
  #bytesLeft: number;
  /** What the calls under way may bring at most. */
  #expected = 0;
  /** Calls that begin when others have ended, first come, first served. */
  #waiting: (() => boolean)[] = [];

  constructor(totalTimeoutMs = 300_000, totalBytes = 64 * 1024 * 1024) {
    this.totalTimeoutMs = totalTimeoutMs;
    this.totalBytes = totalBytes;
    this.#until = performance.now() + totalTimeoutMs;
    this.#bytesLeft = totalBytes;
  }

  get msLeft(): number {
    return this.#until - performance.now();
  }

  /** Below 0 when more came than may come. */
  get bytesLeft(): number {
    return this.#bytesLeft;
  }

  spend(bytes: number): void {
    this.#bytesLeft -= bytes;
  }

  /**
   * Begins a call when what it may bring fits beside what is under way, or when nothing is under way any more. So the
   * last of what may come is read by one call after the other, and none fails because another one was quicker.
   *
   * @returns ends it
   */
  enter(most: number): Promise<() => void> | (() => void) {
    const leave = () => {
      this.#expected -= most;
      while (this.#waiting[0]?.()) this.#waiting.shift();
    };
    if (this.#waiting.length === 0 && this.#begin(most)) return leave;
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        const begins = this.#begin(most);
        if (begins) resolve(leave);
        return begins;
      });
    });
  }

  #begin(most: number): boolean {
    if (this.#expected > 0 && this.#expected + most > this.#bytesLeft) return false;
    this.#expected += most;
    return true;
  }
}
