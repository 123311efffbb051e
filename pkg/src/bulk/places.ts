// Where texts were met, by their hashes: of a million images it keeps 20 bytes each, and none of their names.

/** The first 128 bits of a SHA-256: nobody finds two texts that share them. */
const words = 4;
const slotWords = words + 1;

/** A place for each text, by its SHA-256 in hexadecimal. */
export class Places {
  /** Slots one behind the other: the hash, then the place and one; 0 where a slot is free. */
  #slots = new Uint32Array(64 * slotWords);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The place of a text that was met before; else it is here now, and there is none. */
  add(hash: string, place = 0): number | undefined {
    if ((this.#size + 1) * 2 * slotWords > this.#slots.length) this.#grow();
    const key = keyOf(hash);
    const at = find(this.#slots, key);
    const known = this.#slots[at + words];
    if (known) return known - 1;
    this.#slots.set(key, at);
    this.#slots[at + words] = place + 1;
    this.#size += 1;
    return undefined;
  }

  /** The place of a text that was met before. */
  of(hash: string): number | undefined {
    const known = this.#slots[find(this.#slots, keyOf(hash)) + words];
    return known ? known - 1 : undefined;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let from = 0; from < old.length; from += slotWords) {
      const slot = old.subarray(from, from + slotWords);
      if (slot[words]) this.#slots.set(slot, find(this.#slots, slot));
    }
  }
}

function keyOf(hash: string): Uint32Array {
  return Uint32Array.from({ length: words }, (_, word) =>
    Number.parseInt(hash.slice(word * 8, word * 8 + 8), 16),
  );
}

/** The slot of a key, or the free one where it belongs. There is always a free one. */
function find(slots: Uint32Array, key: Uint32Array): number {
  const count = slots.length / slotWords;
  let slot = (key[0] ?? 0) % count;
  for (;;) {
    const at = slot * slotWords;
    if (!slots[at + words]) return at;
    if (key.subarray(0, words).every((word, index) => word === slots[at + index])) return at;
    slot = (slot + 1) % count;
  }
}
