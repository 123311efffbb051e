// Reads a tar archive as it comes, and keeps no more of it than a header. It reads as Go's `archive/tar` does, since
// what unpacks images is written in Go: what that refuses, nobody runs. It is our own because readers for Node need
// Node, and those for browsers hold whole archives.
import { refuse } from "../../strict/fault.ts";
import { decimal, textOf } from "./bytes.ts";
import { blockSize, type Header, headerIn, type Kind, kindOf } from "./header.ts";
import { checkLength, cleaned } from "./path.ts";
import { capabilities, checkGlobal, hasHoles, holes, type PaxRecords, paxRecords } from "./pax.ts";

/** An entry. */
export interface Entry {
  /** From the root, without slashes at its ends; never empty. */
  readonly path: string;
  /** Its name had a `..`. */
  readonly isCrooked: boolean;
  readonly kind: Kind;
  /** In bytes, unpacked; 0 of all but files. */
  readonly size: number;
  /** Permissions. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a device: its type and its two numbers. */
  readonly device: string | undefined;
  /** Of links, as it stands there. */
  readonly target: string | undefined;
  /** Of the kernel, in hexadecimal digits; empty if it has none. */
  readonly capabilities: string;
  /** What is said of holes that were left out, so that its bytes are not its content; empty if there are none. */
  readonly holes: string;
}

/** Takes the bytes of an entry. */
export interface Taker {
  /** Does it do without the rest? False if it is left out. */
  readonly hasEnough?: boolean;
  piece(bytes: Uint8Array): void;
  end(): void;
}

/** Called for each entry; returns who takes its bytes, if anybody does. */
export type OnEntry = (entry: Entry) => Taker | undefined;

/** The most bytes of an extended header or a long name, as Go has it. */
const mostOfSpecial = 1024 * 1024;

/** An archive under way. */
export class TarReader {
  #onEntry: OnEntry;
  /** What is read next. */
  #next: "header" | "content" | "padding" | "nothing" = "header";
  /** A header, as far as it came. */
  #block = new Uint8Array(blockSize);
  #filled = 0;
  /** Bytes that are left of content or padding. */
  #left = 0;
  /** Behind the content that is read now. */
  #padding = 0;
  #taker: Taker | undefined;
  #sawZeros = false;
  /** What stands before an entry and says more of it. */
  #pax: PaxRecords = new Map();
  #longName: string | undefined;
  #longTarget: string | undefined;
  #isAwaited = false;

  constructor(onEntry: OnEntry) {
    this.#onEntry = onEntry;
  }

  write(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && this.#next !== "nothing") {
      if (this.#next === "header") {
        const part = bytes.subarray(at, at + blockSize - this.#filled);
        at += part.length;
        if (part.length === blockSize) this.#header(part);
        else this.#fill(part);
      } else {
        const part = bytes.subarray(at, at + this.#left);
        at += part.length;
        this.#left -= part.length;
        if (this.#next === "content") this.#taker?.piece(part);
        if (this.#left === 0) this.#goOn();
      }
    }
  }

  /**
   * Passes over content that nobody takes, or of which who takes it has enough, as if it had come.
   *
   * @param most so many bytes are there
   * @returns how many were passed over
   */
  skip(most: number): number {
    if (this.#next !== "content" || (this.#taker && !this.#taker.hasEnough)) return 0;
    const skipped = Math.min(this.#left, most);
    this.#left -= skipped;
    if (this.#left === 0) this.#goOn();
    return skipped;
  }

  /** Is its end behind it? */
  get isOver(): boolean {
    return this.#next === "nothing";
  }

  /** Refuses an archive that ended too early. What stands behind its end nobody reads. */
  end(): void {
    const isWhole = this.#next === "nothing" || (this.#next === "header" && this.#filled === 0);
    if (!isWhole || this.#isAwaited) refuse("The archive ends in the middle of an entry.");
  }

  #fill(part: Uint8Array): void {
    this.#block.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled < blockSize) return;
    this.#filled = 0;
    this.#header(this.#block);
  }

  #header(block: Uint8Array): void {
    const isZero = block[0] === 0 && block.every((byte) => byte === 0);
    if (isZero && this.#sawZeros) this.#next = "nothing";
    else if (!isZero && this.#sawZeros)
      refuse("Something stands behind the end of the archive's first half.");
    this.#sawZeros = isZero;
    if (isZero) return;
    const header = headerIn(block);
    const special = this.#special(header);
    this.#isAwaited = special !== undefined && header.type !== "g";
    if (special) this.#begin(header.size, special);
    else this.#entry(header);
  }

  #special(header: Header): Taker | undefined {
    switch (header.type) {
      case "x":
        return collected(header, (bytes) => {
          this.#pax = paxRecords(bytes);
        });
      case "g":
        if (this.#isAwaited) refuse("A global header stands between an entry and what is said of it.");
        return collected(header, (bytes) => checkGlobal(header.name, paxRecords(bytes)));
      case "L":
        return collected(header, (bytes) => {
          this.#longName = upToNul(bytes);
        });
      case "K":
        return collected(header, (bytes) => {
          this.#longTarget = upToNul(bytes);
        });
      default:
        return undefined;
    }
  }

  #entry(header: Header): void {
    const pax = this.#pax;
    const said = (key: string) => pax.get(key) || undefined;
    const number = (key: "size" | "uid" | "gid", what: string) => {
      const text = said(key);
      return text === undefined ? header[key] : decimal(text, what);
    };
    const plainName = this.#longName || said("path") || header.name;
    const target = this.#longTarget || said("linkpath") || header.target;
    checkLength(target, "target");
    const kind = kindOf({ ...header, name: plainName });
    const hasContent = kind === "file";
    const isSparse = hasHoles(pax);
    if (isSparse && !hasContent) refuse("What has no content has holes.");
    const stored = number("size", "size");
    const real = said("GNU.sparse.size") ?? said("GNU.sparse.realsize");
    const { path, isCrooked } = cleaned((isSparse && said("GNU.sparse.name")) || plainName);
    this.#pax = new Map();
    this.#longName = undefined;
    this.#longTarget = undefined;
    const entry = {
      ...{ path, isCrooked, kind },
      size: hasContent ? (real === undefined ? stored : decimal(real, "size")) : 0,
      mode: header.mode,
      uid: number("uid", "owner"),
      gid: number("gid", "group"),
      device: kind === "device" ? [header.type, ...header.device].join(" ") : undefined,
      target: kind === "symlink" || kind === "hardlink" ? target : undefined,
      capabilities: said(capabilities) ?? "",
      holes: said(holes) ?? "",
    };
    // The root itself is no entry of anything.
    const taker = path === "" ? undefined : this.#onEntry(entry);
    this.#begin(hasContent ? stored : 0, taker);
  }

  /** What follows a header. */
  #begin(size: number, taker: Taker | undefined): void {
    this.#taker = taker;
    this.#left = size;
    this.#padding = (blockSize - (size % blockSize)) % blockSize;
    this.#next = "content";
    if (size === 0) this.#goOn();
  }

  #goOn(): void {
    if (this.#next === "content") {
      this.#taker?.end();
      this.#taker = undefined;
      this.#left = this.#padding;
      this.#next = "padding";
    }
    if (this.#left === 0) this.#next = "header";
  }
}

/** Keeps the content of a special entry. */
function collected({ size }: Header, take: (bytes: Uint8Array) => void): Taker {
  if (size > mostOfSpecial) {
    refuse(`An extended header has ${size} bytes; at most ${mostOfSpecial} are read.`);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  return {
    piece: (part) => {
      bytes.set(part, at);
      at += part.length;
    },
    end: () => take(bytes),
  };
}

function upToNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return textOf(end === -1 ? bytes : bytes.subarray(0, end));
}
