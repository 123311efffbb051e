// `--shard i/n`: a part of a list, which is the same on every machine. The image decides, and not its line: a line more
// or less moves no other image into another part.
import { InvalidArgumentError, Option } from "commander";
import type { OptionOf } from "../options.ts";
import { type Hash, hashOf } from "./hashes.ts";

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** More would have less than one image in the longest of lists. */
const most = 1_000_000;

export function readShard(text: string): Shard {
  const [, i, n] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  const [index, count] = [Number(i), Number(n)];
  if (i === undefined) throw new InvalidArgumentError("Write i/n, such as 2/8: the second of eight parts.");
  if (count < 1 || count > most) throw new InvalidArgumentError("Write i/n with n from 1 to 1000000.");
  if (index < 1 || index > count) {
    throw new InvalidArgumentError(`Write i/n with i from 1 to n, here 1/${count} to ${count}/${count}.`);
  }
  return { index, count };
}

export function shardOption(): OptionOf<Shard | undefined> {
  const make = () => new Option("--shard <i/n>", "only part i of n of the list").argParser(readShard);
  return { make, read: (given) => (isShard(given) ? given : undefined) };
}

function isShard(given: unknown): given is Shard {
  return typeof given === "object" && given !== null && "index" in given && "count" in given;
}

/** Which of `count` parts an image belongs to, from 1. */
export function partOf(hash: Hash, count: number): number {
  // The last bytes that are read of a hash: the first ones say its place in a table.
  return Number(hash.readBigUInt64BE(8) % BigInt(count)) + 1;
}

/** The same of a reference, for a program that splits a list itself. */
export function shardOf(canonical: string, count: number): number {
  return partOf(hashOf(canonical), count);
}

export function shardText({ index, count }: Shard): string {
  return `${index}/${count}`;
}
