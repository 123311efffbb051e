// The journal of another part of the list. The library says that the lists differ; which part it is, the images say.
import type { OpenJournal } from "../../journal/index.ts";
import { libraryError } from "../library-error.ts";
import { Problem } from "../problem.ts";
import { hashOf } from "./hash.ts";
import { partOf, type Shard, shardText } from "./shard.ts";

/** So many images are looked at. */
const most = 64;

/** The error, or a better one. */
export async function otherShard(
  error: unknown,
  journal: OpenJournal | undefined,
  { shard }: { readonly shard: Shard | undefined },
): Promise<unknown> {
  const refused = libraryError(error);
  if (!journal || refused?.code !== "bad-journal" || !/\blists? of images\b/.test(refused.message))
    return error;
  if (!shard) {
    const fix = "Name this list's journal, or a new file. If it is a part's, give --shard as before.";
    return new Problem(refused.code, refused.message, fix, { cause: error });
  }
  const part = await partIn(journal, shard.count);
  if (part === undefined || part === shard.index) return error;
  const theirs = shardText({ ...shard, index: part });
  const what = `The journal is of part ${theirs} of a list; this run is part ${shardText(shard)}. Nothing was requested.`;
  return new Problem(refused.code, what, "Give each part a journal of its own.", { cause: error });
}

/** The part that all its images are in, if it is one. */
async function partIn(journal: OpenJournal, count: number): Promise<number | undefined> {
  const parts = new Set<number>();
  let looked = 0;
  for await (const record of journal.read()) {
    if (record.kind !== "outcome") continue;
    parts.add(partOf(hashOf(record.reference), count));
    looked += 1;
    if (looked === most || parts.size > 1) break;
  }
  const [part] = parts;
  return parts.size === 1 ? part : undefined;
}
