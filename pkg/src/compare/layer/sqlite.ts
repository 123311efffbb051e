// Reads the rows of a table out of the bytes of an SQLite database ("Database File Format", sqlite.org/fileformat2.html).
// There may be a write-ahead log beside it; images are built when nothing writes, and then there is none.
import { refuse } from "../../strict/fault.ts";

/** A value: what is neither a number, nor a text, nor bytes, is null. */
export type Value = number | string | Uint8Array | null;

const [leaf, interior] = [13, 5];
const headerSize = 100;
/** More pages than a database has, or one below the other, nobody follows. */
const deepest = 20;

export function* rowsOf(bytes: Uint8Array, table: string): Generator<readonly Value[]> {
  const file = new File(bytes);
  for (const [type, name, , root] of file.rows(1)) {
    if (type !== "table" || name !== table) continue;
    if (typeof root !== "number") return damaged();
    yield* file.rows(root);
    return;
  }
  refuse(`It has no table \`${table}\`.`);
}

class File {
  #bytes: Uint8Array;
  #view: DataView;
  #pageSize: number;
  /** Without what a page keeps for extensions. */
  #usable: number;
  /** Each page counts once: a damaged database may lead in circles. */
  #visits = 0;
  /** Of all rows: each byte is of one row. Thousands of pointers could lead to one large row. */
  #rowBytes = 0;

  constructor(bytes: Uint8Array) {
    if (bytes.length < headerSize) damaged();
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const size = this.#view.getUint16(16);
    this.#pageSize = size === 1 ? 65_536 : size;
    this.#usable = this.#pageSize - this.#view.getUint8(20);
    const isPower = (this.#pageSize & (this.#pageSize - 1)) === 0;
    if (this.#pageSize < 512 || !isPower || this.#usable < 480) damaged();
    if (this.#view.getUint32(56) > 1) refuse("Its texts are in UTF-16, which is not read.");
  }

  /** The rows of a table, from the page at its root. */
  *rows(root: number, depth = 0): Generator<readonly Value[]> {
    if (depth > deepest) damaged();
    const start = this.#page(root);
    const at = root === 1 ? start + headerSize : start;
    const kind = this.#view.getUint8(at);
    const cells = this.#view.getUint16(at + 3);
    if (kind !== leaf && kind !== interior) damaged();
    const pointers = at + (kind === leaf ? 8 : 12);
    if (pointers + 2 * cells > start + this.#pageSize) damaged();
    for (let cell = 0; cell < cells; cell++) {
      const place = start + this.#view.getUint16(pointers + 2 * cell);
      if (place + 4 > start + this.#pageSize) damaged();
      if (kind === leaf) yield this.#row(place);
      else yield* this.rows(this.#view.getUint32(place), depth + 1);
    }
    if (kind === interior) yield* this.rows(this.#view.getUint32(at + 8), depth + 1);
  }

  #page(number: number): number {
    const start = (number - 1) * this.#pageSize;
    if (number < 1 || start + this.#pageSize > this.#bytes.length) damaged();
    if (++this.#visits > this.#bytes.length / this.#pageSize) damaged();
    return start;
  }

  #row(place: number): readonly Value[] {
    const [length, afterLength] = this.#varint(this.#bytes, place);
    const [, at] = this.#varint(this.#bytes, afterLength);
    return this.#record(this.#payload(at, length));
  }

  /** A payload: what does not fit beside the others is on pages of its own, one after the other. */
  #payload(at: number, length: number): Uint8Array {
    this.#rowBytes += length;
    if (this.#rowBytes > this.#bytes.length) damaged();
    const most = this.#usable - 35;
    if (length <= most) return this.#slice(at, length);
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const some = least + ((length - least) % (this.#usable - 4));
    const local = some <= most ? some : least;
    const payload = new Uint8Array(length);
    payload.set(this.#slice(at, local));
    let next = this.#view.getUint32(this.#checked(at + local, 4));
    for (let filled = local; filled < length; ) {
      const start = this.#page(next);
      next = this.#view.getUint32(start);
      const part = this.#slice(start + 4, Math.min(this.#usable - 4, length - filled));
      payload.set(part, filled);
      filled += part.length;
    }
    return payload;
  }

  #slice(at: number, length: number): Uint8Array {
    return this.#bytes.subarray(this.#checked(at, length), at + length);
  }

  #checked(at: number, length: number): number {
    if (at + length > this.#bytes.length) damaged();
    return at;
  }

  /** A record: the length of its head, the type of each value, the values. */
  #record(payload: Uint8Array): readonly Value[] {
    const [headLength, start] = this.#varint(payload, 0);
    if (headLength > payload.length) damaged();
    const values: Value[] = [];
    let value = headLength;
    for (let at = start; at < headLength; ) {
      const [type, next] = this.#varint(payload, at);
      at = next;
      const length = lengthOf(type);
      if (value + length > payload.length) damaged();
      values.push(valueIn(payload.subarray(value, value + length), type));
      value += length;
    }
    return values;
  }

  /** A number of one to nine bytes, and where it ends. */
  #varint(bytes: Uint8Array, start: number): readonly [value: number, end: number] {
    let value = 0;
    for (let at = start; at < start + 8; at++) {
      const byte = bytes[at] ?? damaged();
      value = value * 128 + (byte & 127);
      if (byte < 128) return [Number.isSafeInteger(value) ? value : damaged(), at + 1];
    }
    return damaged();
  }
}

const integerLengths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function lengthOf(type: number): number {
  return type < 12 ? (integerLengths[type] ?? damaged()) : Math.floor((type - 12) / 2);
}

function valueIn(bytes: Uint8Array, type: number): Value {
  if (type === 8 || type === 9) return type - 8;
  if (type === 0 || type === 7) return null;
  if (type < 7)
    return bytes.reduce((value, byte, at) => value * 256 + (at === 0 && byte > 127 ? byte - 256 : byte), 0);
  // Bytes stay a view of the payload, which nobody changes.
  return type % 2 === 0 ? bytes : new TextDecoder().decode(bytes);
}

function damaged(): never {
  return refuse("It is damaged: it is no SQLite database.");
}
