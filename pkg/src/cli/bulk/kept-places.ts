// What came of many images, until it is written down in the list's order. It is packed: ten thousand requests take no more
// than a few MiB so, and none of it in the heap, which would grow by more than that.
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { Recent } from "../../recent.ts";
import { Each } from "../each.ts";

export interface Place {
  readonly line: number;
  readonly reference: string;
}

/** So many are packed together. */
const blockLength = 64;
/** They end nearly in the list's order: so many blocks are read at a time. */
const mostOpen = 16;

export class KeptPlaces<T extends Place> {
  /** The lines, in the order of what is kept. */
  readonly #lines: number[] = [];
  readonly #blocks: Buffer[] = [];
  /** What the next block is made of. JSON has no line break of its own. */
  #texts: string[] = [];

  add(place: T): void {
    this.#lines.push(place.line);
    this.#texts.push(JSON.stringify(place));
    if (this.#texts.length < blockLength) return;
    this.#blocks.push(deflateRawSync(this.#texts.join("\n")));
    this.#texts = [];
  }

  /** They came in the order in which they ended. */
  inOrder(): Each {
    return new Each(() => this.#inOrder());
  }

  *#inOrder(): Generator<unknown, void, undefined> {
    const lines = this.#lines;
    const open = new Recent<string[]>(mostOpen);
    const order = lines.map((_, at) => at).sort((a, b) => (lines[a] ?? 0) - (lines[b] ?? 0));
    for (const at of order) {
      const block = Math.floor(at / blockLength);
      const texts = open.get(String(block)) ?? this.#block(block);
      open.set(String(block), texts);
      yield JSON.parse(texts[at % blockLength] ?? "null");
    }
  }

  #block(at: number): string[] {
    const packed = this.#blocks[at];
    return packed ? inflateRawSync(packed).toString().split("\n") : this.#texts;
  }
}
