// Reads the products of the service: when there is a client, again when asked, and when one is online again.

import type { SigningClient } from "ocisign";
import type { OcisignElement } from "../base.ts";
import { taken } from "../model/depth.ts";
import type { Product } from "../model/offer.ts";

/** A reactive controller. Neither `products` nor `error` is there while it reads for the first time. */
export class Products {
  products: readonly Product[] | undefined = undefined;
  error: unknown = undefined;
  isReading = false;
  #host: OcisignElement;
  #client: SigningClient | undefined = undefined;
  #run = new AbortController();

  constructor(host: OcisignElement) {
    this.#host = host;
    host.addController(this);
  }

  /** Reads by this client, unless that was done already. */
  use(client: SigningClient | undefined) {
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
      if (!signal.aborted) this.products = taken(products);
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
    if (signal.aborted) return;
    this.isReading = false;
    this.#host.requestUpdate();
  }

  #failed(error: unknown) {
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
