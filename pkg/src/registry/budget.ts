// What all calls for one question may cost together. Each call has limits of its own; a registry could still make us
// call it a thousand times.

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
}
