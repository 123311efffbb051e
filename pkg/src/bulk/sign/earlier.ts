// What earlier runs say of each image of a list: a few bytes of each, and its request's id.
import type { JournalOutcome } from "./journal.ts";

/** What an earlier run says of an image. */
export interface Earlier {
  readonly state: JournalOutcome["state"];
  readonly id: string | undefined;
  readonly why: JournalOutcome["why"];
}

export const states = [
  ...(["signed", "waiting", "rejected", "failed", "unexplained", "skipped", "doubtful"] as const),
];
const whys = [undefined, "verified", "repeated"] as const;

/** The last word of each image. */
export class Outcomes {
  /** The place of its state and one, and that of its why; 0 where there is none. */
  readonly #states: Uint8Array;
  readonly #whys: Uint8Array;
  /** Ids as UTF-8, one behind the other; by image, where its own ends, and how long it is. */
  #bytes = new Uint8Array(1024);
  #size = 0;
  readonly #ends: Float64Array;
  readonly #lengths: Uint32Array;

  /** @param count of images */
  constructor(count: number) {
    this.#states = new Uint8Array(count);
    this.#whys = new Uint8Array(count);
    this.#ends = new Float64Array(count);
    this.#lengths = new Uint32Array(count);
  }

  of(index: number): Earlier | undefined {
    const state = states[(this.#states[index] ?? 0) - 1];
    return state && { state, id: this.#idOf(index), why: whys[this.#whys[index] ?? 0] };
  }

  put(index: number, { state, id, why }: Earlier): void {
    this.#states[index] = states.indexOf(state) + 1;
    this.#whys[index] = whys.indexOf(why);
    this.#lengths[index] = 0;
    // No id is empty; a service that gives one, has none.
    if (id) this.#putId(index, new TextEncoder().encode(id));
  }

  /** Nothing is known of it any more. */
  forget(index: number): void {
    this.#states[index] = 0;
  }

  /** All ids. */
  *ids(): Generator<string, void, undefined> {
    for (let index = 0; index < this.#states.length; index += 1) {
      const id = this.#states[index] ? this.#idOf(index) : undefined;
      if (id !== undefined) yield id;
    }
  }

  #putId(index: number, id: Uint8Array): void {
    if (this.#size + id.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#size + id.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(id, this.#size);
    this.#size += id.length;
    this.#ends[index] = this.#size;
    this.#lengths[index] = id.length;
  }

  #idOf(index: number): string | undefined {
    const [end = 0, length = 0] = [this.#ends[index], this.#lengths[index]];
    return length > 0 ? new TextDecoder().decode(this.#bytes.subarray(end - length, end)) : undefined;
  }
}
