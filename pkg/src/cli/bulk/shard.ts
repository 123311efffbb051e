// `--shard i/n`: a part of a list, which is the same on every machine. The image decides, and not its line: a line more
// or less moves no other image into another part.
import type { Hash } from "./hash.ts";

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** Which of `count` parts an image belongs to, from 1. */
export function partOf(hash: Hash, count: number): number {
  // The last bytes that are read of a hash: the first ones say its place in a table.
  return Number(hash.readBigUInt64BE(8) % BigInt(count)) + 1;
}

export function shardText({ index, count }: Shard): string {
  return `${index}/${count}`;
}
