// Reads something once for what it depends on, and again when that changes: a product by its id, a description by its
// image.

import type { ReactiveControllerHost } from "lit";

/**
 * A reactive controller. `state` is `none` while there is nothing to read, `reading`, `read` with its `value`, or
 * `failed` with its `error`.
 */
export class Reading<T, Key extends readonly unknown[]> {
  state: "none" | "reading" | "read" | "failed" = "none";
  value: T | undefined = undefined;
  error: unknown = undefined;
  #key: Key | undefined = undefined;
  #run: AbortController | undefined = undefined;
  #host;
  #read;

  constructor(host: ReactiveControllerHost, read: (key: Key, signal: AbortSignal) => Promise<T>) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  /** Reads by this key, unless that was done already. Without one there is nothing to read. */
  by(key: Key | undefined) {
    if (isSame(key, this.#key)) return;
    this.#key = key;
    this.again();
  }

  again() {
    this.#run?.abort();
    this.value = undefined;
    this.error = undefined;
    this.state = this.#key ? "reading" : "none";
    this.#host.requestUpdate();
    if (!this.#key) return;
    this.#run = new AbortController();
    this.#go(this.#key, this.#run.signal);
  }

  hostConnected() {
    if (this.state === "reading") this.again();
  }

  hostDisconnected() {
    this.#run?.abort();
  }

  async #go(key: Key, signal: AbortSignal) {
    try {
      const value = await this.#read(key, signal);
      if (signal.aborted) return;
      this.value = value;
      this.state = "read";
    } catch (error) {
      if (signal.aborted) return;
      this.error = error;
      this.state = "failed";
    }
    this.#host.requestUpdate();
  }
}

function isSame(some: readonly unknown[] | undefined, others: readonly unknown[] | undefined) {
  if (!some || !others) return some === others;
  return some.length === others.length && some.every((part, index) => Object.is(part, others[index]));
}
