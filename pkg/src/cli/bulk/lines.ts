// The lines of a list, in pieces: however long it is, and however long one of its lines is, little of it is in memory.
import { isUtf8 } from "node:buffer";
import type { FileHandle } from "node:fs/promises";
import { Problem } from "../problem.ts";
import { encodingOf } from "../text-in.ts";

/** Whole lines. */
export interface Piece {
  readonly text: string;
  /** Of the first one, from 1. */
  readonly line: number;
  /** Where a line's bytes are no UTF-8: its number, and the first such byte in it. */
  readonly broken: ReadonlyMap<number, number>;
  /** How many bytes the first line has, of which only the beginning is here. */
  readonly cutFrom: number | undefined;
}

const pieceSize = 256 * 1024;
/** No reference is nearly as long; of a longer line only the beginning is looked at. */
const longestLine = 8 * 1024;
const lineBreak = 0x0a;
const carriageReturn = 0x0d;
/** Space, tab, and what Windows puts before a line break. */
const blanks = [0x20, 0x09, 0x0d];
/** Stands in the place of what was left out of a line: with it, no line is right. */
const leftOut = Buffer.from("…");

/** @param name of the list, for messages */
export async function* linesOf(handle: FileHandle, name: string): AsyncGenerator<Piece> {
  let line = 1;
  const rest = new Rest();
  for await (const bytes of textBytes(handle, name)) {
    const end = bytes.lastIndexOf(lineBreak) + 1;
    if (end === 0) {
      rest.add(bytes);
      continue;
    }
    const first = bytes.indexOf(lineBreak) + 1;
    rest.add(bytes.subarray(0, first));
    const { bytes: begun, cutFrom } = rest.take();
    const piece = pieceOf(Buffer.concat([begun, bytes.subarray(first, end)]), line, cutFrom);
    rest.add(bytes.subarray(end));
    yield piece;
    line += countLines(piece.text);
  }
  const last = rest.take();
  if (last.bytes.length > 0) yield pieceOf(last.bytes, line, last.cutFrom);
}

/** What is there of a line so far. */
class Rest {
  #kept: Buffer[] = [];
  #length = 0;
  #isCut = false;
  #hasEnded = false;

  add(bytes: Buffer): void {
    const ends = bytes.at(-1) === lineBreak;
    const content = ends ? bytes.subarray(0, -1) : bytes;
    const room = Math.max(0, longestLine - this.#length);
    this.#length += content.length;
    // A copy: the piece that it stands in would be kept with it.
    this.#kept.push(Buffer.from(content.subarray(0, room)));
    // Blanks say nothing at the end of a line, and a line of nothing else says nothing at all.
    this.#isCut ||= content.subarray(room).some((byte) => !blanks.includes(byte));
    if (ends) this.#kept.push(...(this.#isCut ? [leftOut] : []), Buffer.from("\n"));
    this.#hasEnded = ends;
  }

  /** Its bytes; `cutFrom` says how many it had, if something was left out. */
  take(): { bytes: Buffer; cutFrom: number | undefined } {
    if (this.#isCut && !this.#hasEnded) this.#kept.push(leftOut);
    const taken = { bytes: Buffer.concat(this.#kept), cutFrom: this.#isCut ? this.#length : undefined };
    [this.#kept, this.#length, this.#isCut, this.#hasEnded] = [[], 0, false, false];
    return taken;
  }
}

function pieceOf(bytes: Buffer, line: number, cutFrom: number | undefined): Piece {
  const text = bytes.toString("utf8");
  return { text, line, broken: isUtf8(bytes) ? noneBroken : brokenIn(bytes, line), cutFrom };
}

const noneBroken: ReadonlyMap<number, number> = new Map();

function brokenIn(bytes: Buffer, first: number): Map<number, number> {
  const broken = new Map<number, number>();
  let line = first;
  for (let from = 0; from < bytes.length; line += 1) {
    const next = bytes.indexOf(lineBreak, from);
    const to = next < 0 ? bytes.length : next;
    const place = firstBroken(bytes.subarray(from, to));
    if (place !== undefined) broken.set(line, place);
    from = to + 1;
  }
  return broken;
}

/** Decoding puts U+FFFD in the place of bytes that are no text; one may stand there by itself, too. */
function firstBroken(bytes: Buffer): number | undefined {
  const text = bytes.toString("utf8");
  // Up to here, the text and its bytes are the same.
  let [done, place] = [0, 0];
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) {
    place += Buffer.byteLength(text.slice(done, at));
    done = at;
    if (bytes.toString("latin1", place, place + 3) !== "\xef\xbf\xbd") return place;
  }
  return undefined;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** The bytes as UTF-8, whatever Windows wrote them in, without a byte order mark, and with the line breaks of one kind. */
async function* textBytes(handle: FileHandle, name: string): AsyncGenerator<Buffer> {
  let decode: ((bytes: Buffer, isLast: boolean) => Buffer) | undefined;
  const breaks = new LineBreaks();
  for await (const { bytes, isLast } of bytesOf(handle)) {
    // An even number of bytes, so that a beginning is judged as the whole would be.
    decode ??= decoderFor(encodingOf(bytes.subarray(0, bytes.length < 4096 ? bytes.length : 4096)), name);
    yield breaks.of(decode(bytes, isLast), isLast);
  }
}

/**
 * A CR alone ends a line, too: editors show it so, and many programs read it so. Else a comment would go on behind it, and
 * hide an image that everybody sees.
 */
class LineBreaks {
  /** The last piece ended in a CR, of which the next one tells whether it stands alone. */
  #isOpen = false;

  /** Changes the bytes that it gets. */
  of(bytes: Buffer, isLast: boolean): Buffer {
    if (!this.#isOpen && !bytes.includes(carriageReturn)) return bytes;
    const whole = this.#isOpen ? Buffer.concat([Buffer.of(carriageReturn), bytes]) : bytes;
    this.#isOpen = !isLast && whole.at(-1) === carriageReturn;
    const known = this.#isOpen ? whole.subarray(0, -1) : whole;
    for (let at = known.indexOf(carriageReturn); at >= 0; at = known.indexOf(carriageReturn, at + 1)) {
      if (known[at + 1] !== lineBreak) known[at] = lineBreak;
    }
    return known;
  }
}

function decoderFor(encoding: string, name: string): (bytes: Buffer, isLast: boolean) => Buffer {
  if (encoding === "utf-8") return withoutMark();
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (bytes, isLast) => {
    try {
      return Buffer.from(decoder.decode(bytes, { stream: !isLast }));
    } catch (cause) {
      const what = `${name} begins as ${encoding.toUpperCase()} text, and is none further on.`;
      throw new Problem("bad-file", what, "Save it as UTF-8.", { cause });
    }
  };
}

function withoutMark(): (bytes: Buffer) => Buffer {
  let isFirst = true;
  return (bytes) => {
    const hasMark = isFirst && bytes.toString("latin1", 0, 3) === "\xef\xbb\xbf";
    isFirst = false;
    return hasMark ? bytes.subarray(3) : bytes;
  };
}

/** From the beginning, at each call. */
async function* bytesOf(handle: FileHandle): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  for (let at = 0; ; ) {
    const bytes = Buffer.allocUnsafe(pieceSize);
    const length = await fill(handle, bytes, at);
    at += length;
    const isLast = length < pieceSize;
    if (length > 0 || isLast) yield { bytes: bytes.subarray(0, length), isLast };
    if (isLast) return;
  }
}

async function fill(handle: FileHandle, bytes: Buffer, at: number): Promise<number> {
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, at + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}
