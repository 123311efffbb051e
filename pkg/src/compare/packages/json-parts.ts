// Takes parts out of JSON that is too large to be read whole: an SBOM of 30 MB would be hundreds as objects. All of it is
// checked to be JSON; only what is wanted is read. Nothing here recurses with the text, however deep it is nested.
import { Slices } from "../../slices.ts";
import { refuse } from "../../strict/fault.ts";

/** What is done with a value: take it, look into it, or pass it over. A text that is looked into is handed on raw. */
export type Wish = "take" | "enter" | undefined;

/** Which parts are wanted. A path has the names on the way, and `*` for each item of a list. */
export interface Wanted {
  /** By the path, joined with `/`. */
  readonly paths: Readonly<Record<string, Wish>>;
  /** Called for each that is taken, with its path. */
  readonly take: (path: string, value: unknown) => void;
  /** Called for each text that is looked into: its bytes, between its quotes. */
  readonly raw?: (path: string, bytes: Uint8Array) => void;
}

/** The largest value that is taken, in bytes. */
const mostTaken = 1024 * 1024;
const deepest = 1000;
/** After so many bytes a page may answer. */
const stride = 256 * 1024;

const [quote, backslash, comma, colon, minus] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const [letterU, space] = [0x75, 0x20];

/** Reads it. @param what its name at the beginning of a reason */
export async function readParts(bytes: Uint8Array, what: string, wanted: Wanted): Promise<void> {
  await new Reading(bytes, what, wanted).all();
}

class Reading {
  #bytes: Uint8Array;
  #what: string;
  #wanted: Wanted;
  #at = 0;
  #slices = new Slices();
  #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(bytes: Uint8Array, what: string, wanted: Wanted) {
    this.#bytes = bytes;
    this.#what = what;
    this.#wanted = wanted;
  }

  async all(): Promise<void> {
    // A byte order mark is no JSON, and some tools write one.
    if (this.#bytes[0] === 0xef && this.#bytes[1] === 0xbb && this.#bytes[2] === 0xbf) this.#at = 3;
    await this.#value("", "enter");
    this.#blank();
    if (this.#at < this.#bytes.length) this.#damaged();
  }

  /** A value at a path. What is entered is known by its path, so that this goes no deeper than paths do. */
  async #value(path: string, wish: Wish): Promise<void> {
    this.#blank();
    const first = this.#bytes[this.#at];
    if (wish === "enter" && first === openBrace) return this.#object(path);
    if (wish === "enter" && first === openBracket) return this.#list(path);
    const start = this.#at;
    await this.#skip();
    if (wish === "take") this.#wanted.take(path, this.#parsed(start, this.#at));
    if (wish !== "take" && wish !== undefined && first === quote) {
      this.#wanted.raw?.(path, this.#bytes.subarray(start + 1, this.#at - 1));
    }
  }

  async #object(path: string): Promise<void> {
    const seen = new Set<string>();
    this.#at++;
    this.#blank();
    if (this.#next(closeBrace)) return;
    do {
      this.#blank();
      const name = this.#name();
      this.#blank();
      if (!this.#next(colon)) this.#damaged();
      const at = path === "" ? name : `${path}/${name}`;
      const wish = Object.hasOwn(this.#wanted.paths, at) ? this.#wanted.paths[at] : undefined;
      // Of two, some readers take the first, and some the last.
      if (wish && seen.has(name)) refuse(`${this.#what} has the name \`${name}\` twice.`);
      if (wish) seen.add(name);
      await this.#value(at, wish);
      this.#blank();
    } while (this.#next(comma));
    if (!this.#next(closeBrace)) this.#damaged();
  }

  async #list(path: string): Promise<void> {
    const at = `${path}/*`;
    const wish = Object.hasOwn(this.#wanted.paths, at) ? this.#wanted.paths[at] : undefined;
    this.#at++;
    this.#blank();
    if (this.#next(closeBracket)) return;
    do {
      await this.#value(at, wish);
      this.#blank();
    } while (this.#next(comma));
    if (!this.#next(closeBracket)) this.#damaged();
  }

  #parsed(start: number, end: number): unknown {
    if (end - start > mostTaken) {
      refuse(`${this.#what} has a part of ${end - start} bytes; at most ${mostTaken} are read.`);
    }
    return JSON.parse(this.#text(start, end));
  }

  #text(start: number, end: number): string {
    try {
      return this.#decoder.decode(this.#bytes.subarray(start, end));
    } catch {
      return refuse(`${this.#what} is damaged: it is not UTF-8.`);
    }
  }

  #name(): string {
    const start = this.#at;
    this.#string();
    return String(this.#parsed(start, this.#at));
  }

  /** Goes to the end of a value, and checks all of it. */
  async #skip(): Promise<void> {
    // The brackets that are open.
    const open: number[] = [];
    let pause = this.#at + stride;
    for (;;) {
      if (this.#at >= pause) {
        if (this.#slices.isOver) await this.#slices.next();
        pause = this.#at + stride;
      }
      if (this.#begin(open)) continue;
      // A value has ended, and with it perhaps those around it.
      for (;;) {
        const inner = open.at(-1);
        if (inner === undefined) return;
        this.#blank();
        if (this.#next(comma)) {
          if (inner === openBrace) this.#memberName();
          break;
        }
        if (!this.#next(inner === openBrace ? closeBrace : closeBracket)) this.#damaged();
        open.pop();
      }
    }
  }

  /** Begins a value; true if it is one that others follow in. */
  #begin(open: number[]): boolean {
    this.#blank();
    const first = this.#bytes[this.#at];
    if (first !== openBrace && first !== openBracket) {
      this.#simple(first);
      return false;
    }
    this.#at++;
    this.#blank();
    if (this.#next(first === openBrace ? closeBrace : closeBracket)) return false;
    open.push(first);
    if (open.length > deepest) refuse(`${this.#what} is nested too deeply.`);
    if (first === openBrace) this.#memberName();
    return true;
  }

  #memberName(): void {
    this.#blank();
    this.#string();
    this.#blank();
    if (!this.#next(colon)) this.#damaged();
  }

  #simple(first: number | undefined): void {
    if (first === quote) this.#string();
    else if (first === minus || isDigit(first)) this.#number();
    else this.#word();
  }

  #word(): void {
    for (const word of words) {
      if (!word.every((byte, at) => this.#bytes[this.#at + at] === byte)) continue;
      this.#at += word.length;
      return;
    }
    this.#damaged();
  }

  #string(): void {
    if (!this.#next(quote)) this.#damaged();
    const bytes = this.#bytes;
    for (let at = this.#at; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        this.#at = at + 1;
        return;
      }
      if (byte === backslash) {
        const escaped = bytes[++at] ?? 0;
        if (escaped === letterU) {
          for (const end = at + 4; at < end; ) if (!isHex(bytes[++at])) this.#damaged();
        } else if (!escapes.has(escaped)) this.#damaged();
      } else if (byte < space) this.#damaged();
    }
    this.#damaged();
  }

  #number(): void {
    this.#next(minus);
    if (this.#bytes[this.#at] === 0x30) this.#at++;
    else this.#digits();
    // A point, then e or E with a sign.
    if (this.#next(0x2e)) this.#digits();
    if (this.#next(0x65) || this.#next(0x45)) {
      if (!this.#next(0x2b)) this.#next(minus);
      this.#digits();
    }
  }

  #digits(): void {
    if (!isDigit(this.#bytes[this.#at])) this.#damaged();
    while (isDigit(this.#bytes[this.#at])) this.#at++;
  }

  #next(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #blank(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }

  #damaged(): never {
    return refuse(`${this.#what} is damaged: it is not JSON.`);
  }
}

const words = ["true", "false", "null"].map((word) => [...word].map((letter) => letter.charCodeAt(0)));
const escapes = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  // Letters in either case.
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
