// The options for lists of images, which `ocisign help lists` explains.
import { InvalidArgumentError, Option } from "commander";
import { count, duration, flag, type OptionOf, text, texts } from "../options.ts";
import { shardOption } from "./shard-option.ts";

export const listOptions = {
  journal: text("--journal <file>", "write down what is done; the same command goes on after a stop"),
  keepGoing: flag("--keep-going", "go on with the good lines though others are wrong"),
  shard: shardOption(),
  skip: skipOption(),
  concurrency: count("--concurrency <count>", "so many calls at the same time (default: 16)"),
  settle: duration(
    "--settle <time>",
    "how long a request without an answer may be worked on (default: --call-timeout)",
  ),
  patience: duration("--patience <time>", "how long an outage may last (default: 15m)"),
  batch: text("--batch <id>", "the batch id that all requests carry (default: a new one)"),
  mark: markOption(),
  report: texts("--report <file>", "what came of each image: .jsonl, .xml (JUnit) or .csv; repeatable"),
};

/** Those that verifying takes, too. */
export const verifyListOptions = {
  keepGoing: listOptions.keepGoing,
  shard: listOptions.shard,
  concurrency: listOptions.concurrency,
  report: listOptions.report,
};

/** Their flags: the help of a command leaves them to the topic. */
export const listFlags: readonly string[] = Object.values(listOptions).map(({ make }) => make().long ?? "");

/** Commander makes `mark: false` of it. */
function markOption(): OptionOf<boolean> {
  const help = "requests carry no batch id and no key: what brings no answer stays doubtful";
  return { make: () => new Option("--no-mark", help), read: (given) => given !== false };
}

export type Skip = readonly ("verified" | "pending")[];

function skipOption(): OptionOf<Skip | undefined> {
  const help = "which images need no request: verified, pending, both, or none (default: verified,pending)";
  const make = () => new Option("--skip <what>", help).argParser(readSkip);
  return { make, read: (given) => (Array.isArray(given) ? given.filter(isSkip) : undefined) };
}

function readSkip(text: string): Skip {
  if (text === "none") return [];
  const words = text.split(",").map((word) => word.trim());
  const known = words.filter(isSkip);
  if (known.length < words.length)
    throw new InvalidArgumentError("Write verified, pending, verified,pending or none.");
  return known;
}

function isSkip(word: unknown): word is Skip[number] {
  return word === "verified" || word === "pending";
}

type Given = { readonly [Name in keyof typeof listOptions]?: unknown };

/** The first of these options that was given, as it is typed: one image alone needs none of them. */
export function givenOfList(given: Given): string | undefined {
  const found = Object.entries(listOptions).find(([name]) => {
    const value = given[name as keyof Given];
    if (name === "mark") return value === false;
    return value !== undefined && value !== false;
  });
  return found?.[1].make().long;
}
