// Reads one layer: counts, hashes and unpacks it, and hands its entries on. Nothing of it is told before the whole of it
// has the digest that was asked for.
import type { Digest } from "../../image/reference.ts";
import { Fault, refuse } from "../../strict/fault.ts";
import { type Hashing, hasHash, hashFor } from "../../strict/hashing.ts";
import type { Overlay } from "../files/overlay.ts";
import { cleaned } from "../tar/path.ts";
import { type Entry, type Taker, TarReader } from "../tar/reader.ts";
import type { LayerFacts } from "./facts.ts";
import { Beyond, beyond, type Limits } from "./limits.ts";
import { Links } from "./links.ts";
import { Spotting } from "./spotting.ts";
import { AnyPacking } from "./unpacking.ts";
import { type Whiteout, whiteoutAt } from "./whiteout.ts";

/** What the manifest says of a layer. */
export interface LayerToRead {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** What it unpacks to, by the config. */
  readonly content?: Digest | undefined;
  /** It was found to be gzip in several parts. */
  readonly isInParts?: boolean;
}

export class LayerReading {
  #layer: LayerToRead;
  #limits: Limits;
  #overlay: Overlay | undefined;
  #hash: Hashing;
  /** Of what is unpacked, where it is known what that has to be. */
  #content: Hashing | undefined;
  #tar = new TarReader((entry) => this.#entry(entry));
  #unpacking: AnyPacking;
  #spotting: Spotting;
  #links = new Links();
  #packedBytes = 0;
  #unpackedBytes = 0;
  #entries = 0;
  /** Why it cannot be read. The rest is hashed all the same: it may be that this is not the layer. */
  #fault: Fault | undefined;

  /** @param overlay where its files go */
  constructor(layer: LayerToRead, limits: Limits, overlay: Overlay | undefined) {
    this.#layer = layer;
    this.#limits = limits;
    this.#overlay = overlay;
    this.#spotting = new Spotting(limits);
    this.#unpacking = new AnyPacking(
      (bytes) => this.#unpacked(bytes),
      layer.isInParts ?? false,
      layer.mediaType,
    );
    this.#hash = hashFor(layer.digest);
    this.#content = layer.content && hashFor(layer.content);
    overlay?.begin();
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#hash.update(bytes);
    this.#packedBytes += bytes.length;
    if (!this.#fault) await this.#tried(() => this.#unpacking.write(bytes));
  }

  /** Call it after the last byte. */
  async end(): Promise<LayerFacts> {
    if (!this.#fault) {
      await this.#tried(async () => {
        await this.#unpacking.end();
        this.#tar.end();
      });
    }
    const { digest, sizeBytes } = this.#layer;
    if (!hasHash(this.#hash, digest)) {
      refuse("The registry sent something else than the layer, or not all of it.");
    }
    if (this.#packedBytes !== sizeBytes) {
      refuse(`It has ${this.#packedBytes} bytes, and the manifest says ${sizeBytes}.`);
    }
    if (this.#fault) throw this.#fault;
    this.#checkContent();
    this.#overlay?.end();
    return this.#spotting.facts();
  }

  /** A runtime that holds what has the config's digest runs that, and reads no layer. */
  #checkContent(): void {
    const { content } = this.#layer;
    if (content === undefined || !this.#content || hasHash(this.#content, content)) return;
    refuse(`It unpacks to something else than the image's config says, which is ${content}.`);
  }

  cancel(): void {
    this.#unpacking.cancel();
  }

  async #tried(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#unpacking.cancel();
      // What is more than is read is not read on, either.
      if (!(error instanceof Fault) || error instanceof Beyond) throw error;
      this.#fault = error;
    }
  }

  #unpacked(bytes: Uint8Array): void {
    this.#unpackedBytes += bytes.length;
    const { unpacked, ratio, free } = this.#limits;
    const most = Math.min(unpacked, Math.max(free, ratio * this.#packedBytes));
    if (this.#unpackedBytes > most) {
      beyond(`Its first ${this.#packedBytes} bytes unpack to more than ${most}: it is no honest layer.`);
    }
    this.#content?.update(bytes);
    this.#tar.write(bytes);
  }

  #entry(entry: Entry): Taker | undefined {
    this.#entries += 1;
    const { entries } = this.#limits;
    if (this.#entries > entries) beyond(`It has more than ${entries} entries.`);
    const whiteout = whiteoutAt(entry.path);
    if (whiteout === undefined) return this.#file(entry);
    if (whiteout !== "nothing") this.#whiteout(whiteout);
    // One behind a link of the same layer takes away what lies there, for some, and what lies at its path, for others.
    const led = this.#links.resolved(entry.path);
    const other = led === entry.path ? undefined : whiteoutAt(led);
    if (other && other !== "nothing") this.#whiteout(other);
    return undefined;
  }

  #whiteout(whiteout: Whiteout): void {
    if (!whiteout.isOpaque) this.#links.takeAway(whiteout.path);
    this.#spotting.whiteout(whiteout);
    this.#overlay?.whiteout(whiteout);
  }

  #file(named: Entry): Taker | undefined {
    const path = this.#links.placeOf(named.path);
    const entry = path === named.path ? named : { ...named, path, isCrooked: true };
    const { kind, target = "" } = entry;
    this.#links.put(path, kind, entry.target);
    const linked = kind === "hardlink" ? this.#links.resolved(cleaned(target).path) : undefined;
    const takers = [this.#spotting.entry(entry), this.#overlay?.entry(entry, linked)].filter(
      (it) => it !== undefined,
    );
    return takers.length > 1 ? both(takers) : takers[0];
  }
}

function both(takers: readonly Taker[]): Taker {
  return {
    piece: (bytes) => {
      for (const taker of takers) taker.piece(bytes);
    },
    end: () => {
      for (const taker of takers) taker.end();
    },
  };
}
