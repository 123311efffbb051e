// Something that is read once for what it depends on, and anew when that changes: a product by its id, a description
// by its image.

/**
 * A reactive controller. `state` is `none` while there is nothing to read, `reading`, `read` with its `value`, or
 * `failed` with its `error`.
 *
 * @template T
 */
export class Reading {
  /** @type {"none" | "reading" | "read" | "failed"} */
  state = "none";
  /** @type {T | undefined} */
  value = undefined;
  /** @type {unknown} */
  error = undefined;
  /** @type {readonly any[] | undefined} */
  #key = undefined;
  /** @type {AbortController | undefined} */
  #run = undefined;
  #host;
  #read;

  /** @param {import("lit").ReactiveControllerHost} host @param {(key: any, signal: AbortSignal) => Promise<T>} read */
  constructor(host, read) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  /** Reads by this key, unless that was done already. Without one there is nothing to read. @param {readonly any[] | undefined} key */
  by(key) {
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

  /** @param {readonly any[]} key @param {AbortSignal} signal */
  async #go(key, signal) {
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

/** @param {readonly any[] | undefined} some @param {readonly any[] | undefined} others */
function isSame(some, others) {
  if (!some || !others) return some === others;
  return some.length === others.length && some.every((part, index) => Object.is(part, others[index]));
}
