// A call that changes something at the service must not be aborted as lightly as one that reads: an abort leaves in
// doubt whether the service did it.

import type { ReactiveControllerHost } from "lit";

/** A reactive controller. Its signal fires when the element is off the page for good, or by `abort`. */
export class Acting {
  #run = new AbortController();
  #host: ReactiveControllerHost & Element;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  /** For what begins now. */
  get signal() {
    if (this.#run.signal.aborted) this.#run = new AbortController();
    return this.#run.signal;
  }

  /** Ends what is under way, which would go on as another person or at another service. */
  abort() {
    this.#run.abort();
  }

  async hostDisconnected() {
    // A page that moves an element takes it off the page for a moment.
    await undefined;
    if (!this.#host.isConnected) this.#run.abort();
  }
}
