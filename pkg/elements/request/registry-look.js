// Looks into the registry for what an image is, once it has been typed.
import { describeImage } from "ocisign";
import { pause } from "../../lib/deadline.js";

/** In milliseconds: so long nobody typed, and so long a registry may take. */
const calm = 400;
const patience = 15_000;

/**
 * @typedef {{ state: "idle" | "looking" }
 *   | { state: "known", description: import("ocisign").ImageDescription }
 *   | { state: "failed", error: unknown }} Seen
 */

/** A reactive controller. */
export class RegistryLook {
  /** @type {Seen} */
  seen = { state: "idle" };
  /** @type {string | undefined} */
  #canonical = undefined;
  /** @type {import("../index.js").RegistrySource | undefined} */
  #source = undefined;
  #run = new AbortController();
  /** @type {import("../base.js").OcisignElement} */
  #host;

  /** @param {import("../base.js").OcisignElement} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  /** Looks, unless it did so already. @param {import("ocisign").ImageReference | undefined} image */
  lookAt(image) {
    const source = this.#host.registry;
    if (image?.canonical === this.#canonical && source === this.#source) return;
    this.#run.abort();
    this.#run = new AbortController();
    this.#canonical = image?.canonical;
    this.#source = source;
    this.seen = { state: image ? "looking" : "idle" };
    if (image) this.#look(image, this.#run.signal);
  }

  /** Looks once more, after a failure. @param {import("ocisign").ImageReference} image */
  again(image) {
    this.#canonical = undefined;
    this.lookAt(image);
    this.#host.requestUpdate();
  }

  /** @param {import("ocisign").ImageReference} image @param {AbortSignal} signal */
  async #look(image, signal) {
    await pause(calm, signal);
    if (signal.aborted) return;
    const seen = await this.#read(image, signal);
    if (signal.aborted) return;
    this.seen = seen;
    this.#host.requestUpdate();
  }

  /** @param {import("ocisign").ImageReference} image @param {AbortSignal} signal @returns {Promise<Seen>} */
  async #read(image, signal) {
    try {
      const registry = await this.#host.registryFor(image);
      return {
        state: "known",
        description: await describeImage(image, { registry, signal, timeoutMs: patience }),
      };
    } catch (error) {
      return { state: "failed", error };
    }
  }

  hostConnected() {
    this.#host.requestUpdate();
  }

  hostDisconnected() {
    this.#run.abort();
    this.#canonical = undefined;
    this.seen = { state: "idle" };
  }
}
