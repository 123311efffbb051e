// Is each image of a list in its registry, and signed already by the product's key? A few are asked for at a time.
import { describeImage, parseReference, verifyImage } from "ocisign";
import type { OcisignElement } from "../base.ts";
import { codeOf } from "../model/errors.ts";
import type { RegistrySource } from "../portal.ts";

/** What the registry says of an image; `unread`: nothing that can be concluded from. */
export type Held = "asking" | "here" | "signed" | "missing" | "unread";

/** So many are asked for without being asked to: a pasted list of thousands must not storm a registry. */
export const mostUnasked = 50;

const atATime = 4;
/** In milliseconds: the time that a registry may take. */
const patience = 15_000;

export class RegistryChecks {
  /** The key whose signatures count, as PEM; none where the product shows none. */
  #key: string | undefined;
  #registry: RegistrySource | undefined;
  #found = new Map<string, Held>();
  #waiting: string[] = [];
  #busy = 0;
  #run = new AbortController();
  #element: OcisignElement;

  constructor(element: OcisignElement) {
    this.#element = element;
    element.addController(this);
  }

  hostDisconnected() {
    this.#forget();
  }

  /** What another key or another way to the registry said is no answer. */
  use(key: string | undefined) {
    const { registry } = this.#element;
    if (key === this.#key && registry === this.#registry) return;
    this.#key = key;
    this.#registry = registry;
    this.#forget();
  }

  of(canonical: string): Held | undefined {
    return this.#found.get(canonical);
  }

  /** Asks for those that nobody has asked for yet. */
  ask(canonicals: readonly string[]) {
    for (const canonical of canonicals) {
      if (this.#found.has(canonical)) continue;
      this.#found.set(canonical, "asking");
      this.#waiting.push(canonical);
    }
    while (this.#busy < atATime && this.#waiting.length > 0) this.#work(this.#run.signal);
  }

  #forget() {
    this.#run.abort();
    this.#run = new AbortController();
    this.#found.clear();
    this.#waiting = [];
    this.#busy = 0;
  }

  async #work(signal: AbortSignal) {
    this.#busy += 1;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const held = await this.#look(next, signal);
      if (signal.aborted) return;
      this.#found.set(next, held);
      this.#element.requestUpdate();
    }
    this.#busy -= 1;
  }

  async #look(canonical: string, signal: AbortSignal): Promise<Held> {
    try {
      const image = parseReference(canonical);
      const registry = await this.#element.registryFor(image);
      const reach = { registry, signal, timeoutMs: patience };
      await describeImage(image, reach);
      if (this.#key === undefined) return "here";
      const { state } = await verifyImage(image, { ...reach, publicKey: this.#key });
      return state === "verified" ? "signed" : "here";
    } catch (error) {
      return codeOf(error) === "not-found" ? "missing" : "unread";
    }
  }
}
