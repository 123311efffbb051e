// `--shard i/n` as it is typed.
import { InvalidArgumentError, Option } from "commander";
import type { OptionOf } from "../options.ts";
import type { Shard } from "./shard.ts";

/** More would have less than one image in the longest of lists. */
const most = 1_000_000;

function readShard(text: string): Shard {
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
