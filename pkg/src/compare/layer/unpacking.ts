// What a layer holds, unpacked, as it comes. How it is packed, its first bytes say: that is what containerd and docker go
// by, whatever the media type is.
// fflate: kept, MIT, without dependencies; two kilobytes of it unpack what browsers do not.
import { Gunzip } from "fflate/browser";
import { Slices } from "../../slices.ts";
import { quoted, refuse } from "../../strict/fault.ts";
import { InParts } from "./limits.ts";

/** Takes unpacked bytes. */
export type Sink = (bytes: Uint8Array) => void;

/** Takes packed bytes. */
export interface Unpacking {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  end(): Promise<void>;
  /** Ends it early. */
  cancel(): void;
}

/** The first bytes of formats (RFC 1952, RFC 8878, and those of docker's early days). */
const packings = [
  { name: "gzip", start: [0x1f, 0x8b, 0x08] },
  { name: "zstd", start: [0x28, 0xb5, 0x2f, 0xfd] },
  // Frames that are skipped, as zstd:chunked begins with.
  ...Array.from({ length: 16 }, (_, at) => ({ name: "zstd", start: [0x50 + at, 0x2a, 0x4d, 0x18] })),
  { name: "bzip2", start: [0x42, 0x5a, 0x68] },
  { name: "xz", start: [0xfd, 0x37, 0x7a, 0x58] },
];
const longestStart = 4;
/**
 * So much goes into the platform's unpacker at once: browsers unpack all of it before they hand anything on, a thousand
 * times as much at the worst.
 */
const pieceSize = 16 * 1024;

/**
 * Says the type that it is not packed? Then containerd takes it for tar as it is, and docker goes by the first bytes: of
 * what begins like both, each would unpack something else.
 */
export function isPlainType(mediaType: string): boolean {
  const [base = "", ...others] = mediaType.toLowerCase().split("+");
  const isOci = /^application\/vnd\.oci\.image\.layer\.(nondistributable\.)?v1\.tar$/.test(base);
  return isOci && !others.some((it) => it === "gzip" || it === "zstd");
}

/** The packing that a media type names and that is not read; there is no need to fetch it. */
export function unreadablePacking(mediaType: string): string | undefined {
  return /[+.](zstd|encrypted|bzip2|xz)\b/.exec(mediaType.toLowerCase())?.[1];
}

export function notRead(packing: string): never {
  return refuse(`It is packed with ${packing}, which is not read: only gzip and plain tar are.`);
}

/** Finds out how it is packed, and unpacks it. */
export class AnyPacking implements Unpacking {
  #sink: Sink;
  #start = new Uint8Array();
  #chosen: Unpacking | undefined;
  #isInParts: boolean;
  #isPlain: boolean;
  #slices = new Slices();

  /** @param isInParts it was found to be gzip in several parts @param mediaType as the manifest says it */
  constructor(sink: Sink, isInParts: boolean, mediaType = "") {
    this.#sink = sink;
    this.#isPlain = isPlainType(mediaType);
    this.#isInParts = isInParts;
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#chosen) return this.#hand(this.#chosen, bytes);
    const start = new Uint8Array(this.#start.length + bytes.length);
    start.set(this.#start);
    start.set(bytes, this.#start.length);
    this.#start = start;
    if (start.length >= longestStart) await this.#hand(this.#choose(), start);
  }

  async end(): Promise<void> {
    if (this.#chosen) return this.#chosen.end();
    const chosen = this.#choose();
    await this.#hand(chosen, this.#start);
    await chosen.end();
  }

  cancel(): void {
    this.#chosen?.cancel();
  }

  /** A piece at a time, and the page answers in between. */
  async #hand(chosen: Unpacking, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let at = 0; at < bytes.length; at += pieceSize) {
      await chosen.write(bytes.subarray(at, at + pieceSize));
      if (this.#slices.isOver) await this.#slices.next();
    }
  }

  #choose(): Unpacking {
    const packing = packings.find(({ start }) => start.every((byte, at) => this.#start[at] === byte));
    const { name = "tar" } = packing ?? {};
    if (name !== "tar" && this.#isPlain)
      refuse(`It begins as ${name} does, and its type says plain tar: readers understand it differently.`);
    if (name === "gzip") this.#chosen = this.#isInParts ? new GzipInParts(this.#sink) : new Gzip(this.#sink);
    else if (name === "tar") this.#chosen = new Plain(this.#sink);
    else notRead(name);
    return this.#chosen as Unpacking;
  }
}

class Plain implements Unpacking {
  #sink: Sink;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#sink(bytes);
  }

  async end(): Promise<void> {}

  cancel(): void {}
}

/** What browsers say of a second part: by the standard, it is an error. */
const behindTheEnd = /\b(after|past) (the )?end\b|unexpected (additional )?input/i;

class Gzip implements Unpacking {
  #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  /** What stopped it: who takes what is unpacked, or the platform's own word, which comes second. */
  #failure: { readonly error: unknown; readonly isOurs: boolean } | undefined;
  #read: Promise<void>;

  constructor(sink: Sink) {
    const { writable, readable } = new DecompressionStream("gzip");
    this.#writer = writable.getWriter();
    this.#reader = readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    // It is told by `closed` as well, to nobody.
    this.#writer.closed.catch(() => {});
    this.#read = this.#readAll(sink);
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#tried(async () => {
      await this.#writer.ready;
      await this.#writer.write(bytes);
    });
  }

  async end(): Promise<void> {
    await this.#tried(() => this.#writer.close());
    await this.#read;
    this.#check();
  }

  cancel(): void {
    this.#writer.abort().catch(() => {});
    this.#reader.cancel().catch(() => {});
  }

  async #readAll(sink: Sink): Promise<void> {
    let isOurs = false;
    try {
      for (;;) {
        isOurs = false;
        const { done, value } = await this.#reader.read();
        if (done) return;
        isOurs = true;
        sink(value);
      }
    } catch (error) {
      this.#failure ??= { error, isOurs };
      this.cancel();
    }
  }

  async #tried(work: () => Promise<unknown>): Promise<void> {
    this.#check();
    try {
      await work();
    } catch (error) {
      await this.#read;
      this.#failure ??= { error, isOurs: false };
    }
    this.#check();
  }

  #check(): void {
    if (!this.#failure) return;
    const { error, isOurs } = this.#failure;
    if (isOurs) throw error;
    const said = error instanceof Error ? error.message : String(error);
    if (behindTheEnd.test(said)) throw new InParts("It is packed in several parts, as eStargz is.");
    refuse(`It cannot be unpacked: ${quoted(said)}.`);
  }
}

/** Gzip of any number of parts, in JavaScript: eStargz packs each file for itself. */
class GzipInParts implements Unpacking {
  #gunzip: Gunzip;
  /** What who takes the bytes has thrown: it goes through the library. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(sink: Sink) {
    this.#gunzip = new Gunzip((bytes) => {
      if (this.#thrown) return;
      try {
        if (bytes.length > 0) sink(bytes);
      } catch (error) {
        this.#thrown = { error };
      }
    });
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#push(bytes, false);
  }

  async end(): Promise<void> {
    this.#push(new Uint8Array(), true);
  }

  cancel(): void {}

  #push(bytes: Uint8Array, isLast: boolean): void {
    try {
      this.#gunzip.push(bytes, isLast);
    } catch (error) {
      if (!this.#thrown)
        refuse(`It cannot be unpacked: ${quoted(error instanceof Error ? error.message : String(error))}.`);
    }
    if (this.#thrown) throw this.#thrown.error;
  }
}
