/**
 * Reads something once. What it is read for, such as a client and an id, may change at any time: then what is under
 * way is aborted, and it is read anew. A reactive controller; call `read` whenever the host updates.
 *
 * @template T
 */
export class Reading {
  /** @type {"idle" | "loading" | "read" | "failed"} */
  state = "idle";
  /** @type {T | undefined} */
  value = undefined;
  /** @type {unknown} */
  error = undefined;
  /** @type {readonly unknown[]} */
  #for = [];
  /** @type {AbortController | undefined} */
  #run = undefined;
  /** @type {import("lit").ReactiveControllerHost} */
  #host;

  /** @param {import("lit").ReactiveControllerHost} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  /** @param {readonly unknown[]} what @param {(signal: AbortSignal) => Promise<T>} act */
  read(what, act) {
    const isSame = what.length === this.#for.length && what.every((one, index) => one === this.#for[index]);
    if (isSame && this.state !== "idle") return;
    this.forget();
    this.#for = what;
    this.#run = new AbortController();
    this.state = "loading";
    this.#go(act, this.#run.signal);
  }

  /** @param {(signal: AbortSignal) => Promise<T>} act @param {AbortSignal} signal */
  async #go(act, signal) {
    try {
      const value = await act(signal);
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

  /** As if nothing had been read: the next `read` reads. */
  forget() {
    this.#run?.abort();
    this.state = "idle";
    this.value = undefined;
    this.error = undefined;
  }

  hostConnected() {
    this.#host.requestUpdate();
  }

  hostDisconnected() {
    if (this.state === "loading") this.forget();
  }
}
