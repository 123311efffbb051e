// Is a value a record of a journal? Its checksum says that it is as it was written; this, that it was one of ours.
import type { JournalRecord } from "../bulk/sign/journal.ts";
import { fieldOf, isText } from "../foreign.ts";

export function isJournalRecord(value: unknown): value is JournalRecord {
  switch (fieldOf(value, "kind")) {
    case "run":
      return (
        fieldOf(value, "version") === 1 &&
        ["batch", "service", "productId", "list"].every((name) => isText(fieldOf(value, name))) &&
        isPlace(fieldOf(value, "count"))
      );
    case "intent":
      return isPlace(fieldOf(value, "from")) && isPlace(fieldOf(value, "to"));
    case "outcome":
      return (
        isPlace(fieldOf(value, "index")) &&
        isText(fieldOf(value, "reference")) &&
        states.includes(fieldOf(value, "state"))
      );
    default:
      return false;
  }
}

const states: readonly unknown[] = [
  ...["signed", "waiting", "rejected", "failed", "unexplained", "skipped", "doubtful"],
];

function isPlace(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
