// Where texts were met, by their hashes: of a million images it keeps 40 to 80 bytes each, and none of their names.

/** The first 128 bits of a SHA-256: nobody finds two texts that share them. */
const words = 4;
const slotWords = words + 1;

/** 128 bits of a text. */
export type Key = Uint32Array;

/** A place for each text, by its key. */
export class Places {
  /** Slots one behind the other: the hash, then the place and one; 0 where a slot is free. */
  #slots = new Uint32Array(64 * slotWords);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The place of a text that was met before; else it is here now, and there is none. */
  add(key: Key, place = 0): number | undefined {
    if ((this.#size + 1) * 2 * slotWords > this.#slots.length) this.#grow();
    const at = find(this.#slots, key);
    const known = this.#slots[at + words];
    if (known) return known - 1;
    this.#slots.set(key.subarray(0, words), at);
    this.#slots[at + words] = place + 1;
    this.#size += 1;
    return undefined;
  }

  /** The place of a text that was met before. */
  of(key: Key): number | undefined {
    const known = this.#slots[find(this.#slots, key) + words];
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

/** The key of a text by its SHA-256, in hexadecimal: for texts that others choose. */
export function keyOfHash(hash: string): Key {
  const key = new Uint32Array(words);
  for (let word = 0; word < words; word += 1) {
    key[word] = Number.parseInt(hash.slice(word * 8, word * 8 + 8), 16);
  }
  return key;
}

/** The key of an id of the service's, which chooses none to deceive: multiplied and mixed, four times. */
export function keyOfId(id: string): Key {
  const key = Uint32Array.of(0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f);
  for (let at = 0; at < id.length; at += 1) {
    for (let word = 0; word < words; word += 1) {
      const mixed = Math.imul((key[word] ?? 0) ^ id.charCodeAt(at), 0x01000193 + 2 * word);
      key[word] = mixed ^ (mixed >>> 15);
    }
  }
  return key;
}

function isSame(key: Key, slots: Uint32Array, at: number): boolean {
  for (let word = 0; word < words; word += 1) if (key[word] !== slots[at + word]) return false;
  return true;
}

/** The slot of a key, or the free one where it belongs. There is always a free one. */
function find(slots: Uint32Array, key: Key): number {
  const count = slots.length / slotWords;
  let slot = (key[0] ?? 0) % count;
  for (;;) {
    const at = slot * slotWords;
    if (!slots[at + words]) return at;
    if (isSame(key, slots, at)) return at;
    slot = (slot + 1) % count;
  }
}
