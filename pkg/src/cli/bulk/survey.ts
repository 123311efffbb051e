// What a journal holds, after a first reading: which record of an image is its last one, and what is open.
import type { JournalHead, JournalOutcome, JournalRecord } from "../../bulk/sign/journal.ts";
import { isUnrequested } from "../../bulk/sign/journal-record.ts";
import { visible } from "../../shown/visible.ts";
import { Problem } from "../problem.ts";
import { withheldPath } from "./run-journal.ts";

export interface Survey {
  readonly path: string;
  readonly head: JournalHead;
  /** The last record of each image, in the order in which they were written. */
  last(): AsyncGenerator<JournalOutcome, void>;
  /** How many images were about to be posted, and have no outcome. */
  readonly unsettled: number;
  /** How many images no run has come to. */
  readonly untried: number;
}

export async function surveyed(path: string): Promise<Survey> {
  let head: JournalHead | undefined;
  // Of each image: 0 no run has come to it, 1 it was about to be posted, else 1 more than the number of its last record.
  let lasts = new Uint32Array(0);
  // What had failed without a request, a later run posts once more.
  let failed = new Uint8Array(0);
  let number = 0;
  for await (const record of records(path)) {
    number += 1;
    if (record.kind === "run") {
      head ??= record;
      lasts = new Uint32Array(head.count);
      failed = new Uint8Array(head.count);
    } else if (record.kind === "intent") {
      for (let index = record.from; index < Math.min(record.to, lasts.length); index += 1) {
        if (!lasts[index] || failed[index]) lasts[index] = 1;
        failed[index] = 0;
      }
    } else {
      lasts[record.index] = number + 1;
      failed[record.index] = isUnrequested(record) ? 1 : 0;
    }
  }
  if (!head)
    throw new Problem(
      "bad-journal",
      `The journal ${visible(path)} is empty.`,
      "Leave it out: nothing was begun.",
    );
  return {
    path,
    head,
    async *last() {
      let at = 0;
      for await (const record of records(path)) {
        at += 1;
        if (record.kind === "outcome" && lasts[record.index] === at + 1) yield record;
      }
    },
    unsettled: lasts.reduce((sum, last) => sum + (last === 1 ? 1 : 0), 0),
    untried: lasts.reduce((sum, last) => sum + (last === 0 ? 1 : 0), 0),
  };
}

async function* records(path: string): AsyncGenerator<JournalRecord, void> {
  const { readJournal } = await import("../../journal/index.ts");
  try {
    yield* readJournal(path);
  } catch (error) {
    throw withheldPath(path, error);
  }
}
