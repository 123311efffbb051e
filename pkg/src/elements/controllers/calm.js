import { pause } from "../../../lib/deadline.js";

/** A reactive controller that does something once nobody has asked for it anew for a while: what follows each key stroke would disturb. */
export class Calm {
  #run = new AbortController();
  /** In milliseconds. */
  #wait;

  /** @param {import("lit").ReactiveControllerHost} host @param {number} wait */
  constructor(host, wait) {
    this.#wait = wait;
    host.addController(this);
  }

  /** In place of what was asked for before. @param {() => void} action */
  async soon(action) {
    this.cancel();
    const { signal } = this.#run;
    await pause(this.#wait, signal);
    if (!signal.aborted) action();
  }

  cancel() {
    this.#run.abort();
    this.#run = new AbortController();
  }

  hostDisconnected() {
    this.cancel();
  }
}
