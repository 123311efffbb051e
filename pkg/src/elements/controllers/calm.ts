import type { ReactiveControllerHost } from "lit";
import { pause } from "./pause.ts";

/** A reactive controller that acts once a person has paused: what follows each key stroke would disturb. */
export class Calm {
  #run = new AbortController();
  /** In milliseconds. */
  #wait;

  constructor(host: ReactiveControllerHost, wait: number) {
    this.#wait = wait;
    host.addController(this);
  }

  /** In place of the action before. */
  async soon(action: () => void) {
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
