// Which texts were there already: 16 bytes of SHA-256 for each, however long they are, and their order.
import { createHash, hash as hashOnce } from "node:crypto";

const words = 4;

/** The first 16 bytes of a text's SHA-256. */
export type Hash = Buffer;

export function hashOf(text: string): Hash {
  // Newer versions of Node have a quicker way.
  if (typeof hashOnce === "function") return hashOnce("sha256", text, "buffer");
  return createHash("sha256").update(text).digest();
}

export class Hashes {
  #count = 0;
  /** One behind the other, in their order. */
  #kept = new Uint32Array(1024 * words);
  /** Where a hash stands, plus 1: at the place that it says itself, or behind it. */
  #table = new Uint32Array(4096);

  get count(): number {
    return this.#count;
  }

  /** The number of a hash, from 0; a new one is added as the last. */
  add(hash: Hash): { index: number; isNew: boolean } {
    const place = this.#placeOf(hash);
    const known = this.#table[place] ?? 0;
    if (known > 0) return { index: known - 1, isNew: false };
    const index = this.#count;
    if ((index + 1) * words > this.#kept.length) this.#kept = grown(this.#kept);
    for (let word = 0; word < words; word += 1)
      this.#kept[index * words + word] = hash.readUInt32LE(word * 4);
    this.#count += 1;
    this.#table[place] = this.#count;
    if (this.#count * 2 > this.#table.length) this.#spread();
    return { index, isNew: true };
  }

  /** The number of a hash, if it is there. */
  find(hash: Hash): number | undefined {
    const known = this.#table[this.#placeOf(hash)] ?? 0;
    return known > 0 ? known - 1 : undefined;
  }

  #placeOf(hash: Hash): number {
    const mask = this.#table.length - 1;
    let place = hash.readUInt32LE(0) & mask;
    for (let known = this.#table[place] ?? 0; known > 0; known = this.#table[place] ?? 0) {
      if (this.#is(known - 1, hash)) break;
      place = (place + 1) & mask;
    }
    return place;
  }

  #is(index: number, hash: Hash): boolean {
    for (let word = 0; word < words; word += 1) {
      if (this.#kept[index * words + word] !== hash.readUInt32LE(word * 4)) return false;
    }
    return true;
  }

  /** Half of the table stays free: so a search is short. */
  #spread(): void {
    const table = new Uint32Array(this.#table.length * 2);
    const mask = table.length - 1;
    for (let index = 0; index < this.#count; index += 1) {
      let place = (this.#kept[index * words] ?? 0) & mask;
      while (table[place]) place = (place + 1) & mask;
      table[place] = index + 1;
    }
    this.#table = table;
  }
}

/** Twice as long. */
export function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(array.length * 2);
  longer.set(array);
  return longer;
}
