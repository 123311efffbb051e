// What was read of registries and stays the same for ever: what a digest names, and what was found in it. It is kept for
// a session, so that the next comparison with the same image fetches nothing twice. Layers are too large for it.

/** The most bytes that are kept, and the most of one thing. */
const [mostBytes, mostOfOne] = [24 * 1024 * 1024, 8 * 1024 * 1024];
const mostThings = 1000;

interface Kept {
  readonly value: unknown;
  readonly bytes: number;
}

/** Keeps small things by the digest that they belong to; what was used longest ago goes first. */
export class BlobStore {
  #kept = new Map<string, Kept>();
  #bytes = 0;

  /** @param name the digest; with a word before it for what was found inside, such as `layer sha256:…` */
  get(name: string): unknown {
    const kept = this.#kept.get(name);
    if (!kept) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    return kept.value;
  }

  /** Keeps it, if it is small enough. Whoever puts something here has checked it by the digest. */
  put(name: string, value: unknown, bytes: number): void {
    this.#drop(name);
    if (bytes > mostOfOne) return;
    this.#kept.set(name, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= mostBytes && this.#kept.size <= mostThings) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    this.#bytes -= this.#kept.get(name)?.bytes ?? 0;
    this.#kept.delete(name);
  }
}
