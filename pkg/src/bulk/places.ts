// Where texts were met, by their hashes: of a million images it keeps 30 to 60 bytes each, and none of their names.

/** The first 128 bits of a SHA-256: nobody finds two texts that share them. */
const words = 4;
const rowWords = words + 1;

/** 128 bits of a text. */
export type Key = Uint32Array;

/** A place for each text, by its key. */
export class Places {
  /** One behind the other: the key, then the place. */
  #rows = new Uint32Array(64 * rowWords);
  /** Where a key stands in the rows, plus one; 0 where none does. A search begins where the key says itself. */
  #table = new Uint32Array(128);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The place of a text that was met before; else it is here now, and there is none. */
  add(key: Key, place = 0): number | undefined {
    const at = this.#find(key);
    const known = this.#table[at];
    if (known) return this.#placeIn(known - 1);
    if ((this.#size + 1) * rowWords > this.#rows.length) this.#rows = grown(this.#rows);
    const row = this.#size * rowWords;
    this.#rows.set(key.subarray(0, words), row);
    this.#rows[row + words] = place;
    this.#size += 1;
    this.#table[at] = this.#size;
    if (this.#size * 2 > this.#table.length) this.#spread();
    return undefined;
  }

  /** The place of a text that was met before. */
  of(key: Key): number | undefined {
    const known = this.#table[this.#find(key)];
    return known ? this.#placeIn(known - 1) : undefined;
  }

  #placeIn(row: number): number | undefined {
    return this.#rows[row * rowWords + words];
  }

  /** Where a key stands in the table, or belongs: there is always a free place. */
  #find(key: Key): number {
    const mask = this.#table.length - 1;
    let at = (key[0] ?? 0) & mask;
    for (let known = this.#table[at]; known; known = this.#table[at]) {
      if (this.#isIn(known - 1, key)) break;
      at = (at + 1) & mask;
    }
    return at;
  }

  #isIn(row: number, key: Key): boolean {
    for (let word = 0; word < words; word += 1) {
      if (this.#rows[row * rowWords + word] !== key[word]) return false;
    }
    return true;
  }

  /** Half of the table stays free: so a search is short. */
  #spread(): void {
    const table = new Uint32Array(this.#table.length * 2);
    const mask = table.length - 1;
    for (let row = 0; row < this.#size; row += 1) {
      let at = (this.#rows[row * rowWords] ?? 0) & mask;
      while (table[at]) at = (at + 1) & mask;
      table[at] = row + 1;
    }
    this.#table = table;
  }
}

/** The same numbers with as much room again. */
export function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(array.length * 2);
  longer.set(array);
  return longer;
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
