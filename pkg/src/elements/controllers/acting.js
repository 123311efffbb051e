// What changes something at the service is not ended as lightly as what only reads: to abort it leaves in doubt
// whether it was done.

/** A reactive controller. Its signal fires when the element is off the page for good, or when it is told so. */
export class Acting {
  #run = new AbortController();
  /** @type {import("lit").ReactiveControllerHost & Element} */
  #host;

  /** @param {import("lit").ReactiveControllerHost & Element} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  /** For what begins now. */
  get signal() {
    if (this.#run.signal.aborted) this.#run = new AbortController();
    return this.#run.signal;
  }

  /** Ends what is under way: it would go on as somebody else, or elsewhere. */
  abort() {
    this.#run.abort();
  }

  async hostDisconnected() {
    // Whoever moves an element takes it off the page for a moment.
    await undefined;
    if (!this.#host.isConnected) this.#run.abort();
  }
}
