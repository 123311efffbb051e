// A record as it is kept: no text in it is longer than what is read back.
import type { JournalOutcome, JournalRecord } from "../bulk/sign/journal.ts";

/** In UTF-16 units. No reference is nearly as long, and no id of a service that was met. */
const longestText = 4096;
const more = "…";

/** Of an outcome, each text by one rule: its beginning, and a mark in place of the rest. */
export function asKept(record: JournalRecord): JournalRecord {
  if (record.kind !== "outcome") return record;
  const { reference, id, error } = record;
  const short = {
    ...record,
    reference: shortened(reference),
    ...(error && { error: shortenedError(error) }),
  };
  return id !== undefined && id.length > longestText ? doubtful(short, id.length) : short;
}

function shortened(text: string): string {
  return text.length > longestText ? text.slice(0, longestText - more.length) + more : text;
}

function shortenedError({ code, message, fix }: NonNullable<JournalOutcome["error"]>) {
  return { code, message: shortened(message), fix: shortened(fix) };
}

/** A part of an id would name another request: the next run looks for this one by its key. */
function doubtful({ kind, index, reference }: JournalOutcome, length: number): JournalOutcome {
  const message = `The service gave the request an id of ${length} characters, too many to be kept.`;
  const fix = "Run the same command again: it looks for the request.";
  return { kind, index, reference, state: "doubtful", error: { code: "in-doubt", message, fix } };
}
