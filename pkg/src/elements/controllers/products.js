// Reads the products of the service: when there is a client, again when asked, and when one is online again.

/** @typedef {import("../model/product.js").Product} Product */

/** A reactive controller. Neither `products` nor `error` is there while it reads for the first time. */
export class Products {
  /** @type {readonly Product[] | undefined} */
  products = undefined;
  /** @type {unknown} */
  error = undefined;
  isReading = false;
  /** @type {import("../base.js").OcisignElement} */
  #host;
  /** @type {import("ocisign").SigningClient | undefined} */
  #client = undefined;
  #run = new AbortController();

  /** @param {import("../base.js").OcisignElement} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  /** Reads by this client, unless that was done already. @param {import("ocisign").SigningClient | undefined} client */
  use(client) {
    if (client === this.#client) return;
    this.#client = client;
    this.products = undefined;
    this.read();
  }

  async read() {
    this.#run.abort();
    this.#run = new AbortController();
    const { signal } = this.#run;
    this.error = undefined;
    this.isReading = this.#client !== undefined;
    this.#host.requestUpdate();
    if (!this.#client) return;
    try {
      const products = await this.#client.products({ signal });
      if (!signal.aborted) this.products = products;
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
    if (signal.aborted) return;
    this.isReading = false;
    this.#host.requestUpdate();
  }

  /** @param {unknown} error */
  #failed(error) {
    this.error = error;
    this.#host.emit("ocisign-error", { error });
  }

  hostConnected() {
    addEventListener("online", this.#readIfMissing);
    this.#readIfMissing();
  }

  hostDisconnected() {
    removeEventListener("online", this.#readIfMissing);
    this.#run.abort();
    this.isReading = false;
  }

  #readIfMissing = () => {
    if (this.#client && !this.products && !this.isReading) this.read();
  };
}
