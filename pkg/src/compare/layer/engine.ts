// Reads layers, one after the other, and compares what they hold. It fetches nothing, so that it may run in a worker.
import { differenceOf, type FileDifference, type Shared } from "../files/difference.ts";
import { Overlay } from "../files/overlay.ts";
import type { LayerFacts } from "./facts.ts";
import { type Limits, usual } from "./limits.ts";
import { LayerReading, type LayerToRead } from "./reading.ts";

/** Where the files of a layer go: to which image, and which of its layers it is, from the bottom. */
export interface Into {
  readonly side: "before" | "after";
  readonly at: number;
}

/** Who reads layers. One at a time. */
export interface Engine {
  begin(layer: LayerToRead, into: Into | undefined): Promise<void>;
  /** The bytes are given away. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** After the last byte. */
  end(): Promise<LayerFacts>;
  /** What differs between the files that were read. */
  difference(before: Shared, after: Shared): Promise<FileDifference>;
  /** Nothing more is wanted. */
  close(): void;
}

/** On this very thread. */
export class LocalEngine implements Engine {
  #limits: Limits;
  #room: { left: number };
  #overlays: Record<Into["side"], Overlay>;
  #reading: LayerReading | undefined;

  constructor(limits = usual) {
    this.#limits = limits;
    this.#room = { left: limits.listed };
    this.#overlays = { before: new Overlay(this.#room), after: new Overlay(this.#room) };
  }

  async begin(layer: LayerToRead, into: Into | undefined): Promise<void> {
    this.#reading?.cancel();
    const overlay = into && this.#overlays[into.side];
    if (overlay && into) overlay.layer = into.at;
    this.#reading = new LayerReading(layer, this.#limits, overlay);
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#begun.write(bytes);
  }

  async end(): Promise<LayerFacts> {
    return this.#begun.end();
  }

  async difference(before: Shared, after: Shared): Promise<FileDifference> {
    const { before: old, after: now } = this.#overlays;
    return differenceOf({ overlay: old, shared: before }, { overlay: now, shared: after });
  }

  close(): void {
    this.#reading?.cancel();
    this.#reading = undefined;
  }

  get #begun(): LayerReading {
    if (!this.#reading) throw new Error("no layer was begun");
    return this.#reading;
  }
}
