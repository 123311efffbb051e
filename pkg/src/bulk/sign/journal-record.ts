// Is a value a record of a journal? By these rules a file is read, and by these a run goes on with what any journal gives.
import { fieldOf, isText } from "../../foreign.ts";
import { states } from "./earlier.ts";
import type { JournalHead, JournalIntent, JournalOutcome, JournalRecord } from "./journal.ts";

/** A few bytes are kept of each image that a head names: whoever changes a number may not take all memory with it. */
const mostImages = 100_000_000;

export function isJournalRecord(value: unknown): value is JournalRecord {
  return isHead(value) || isIntent(value) || isOutcome(value);
}

export function isHead(value: unknown): value is JournalHead {
  return (
    fieldOf(value, "kind") === "run" &&
    fieldOf(value, "version") === 1 &&
    ["batch", "service", "productId", "list"].every((name) => isText(fieldOf(value, name))) &&
    isTextIfAny(fieldOf(value, "operationId")) &&
    isPlace(fieldOf(value, "count")) &&
    Number(fieldOf(value, "count")) <= mostImages
  );
}

export function isIntent(value: unknown): value is JournalIntent {
  return (
    fieldOf(value, "kind") === "intent" && isPlace(fieldOf(value, "from")) && isPlace(fieldOf(value, "to"))
  );
}

export function isOutcome(value: unknown): value is JournalOutcome {
  return (
    fieldOf(value, "kind") === "outcome" &&
    isPlace(fieldOf(value, "index")) &&
    isText(fieldOf(value, "reference")) &&
    isTextIfAny(fieldOf(value, "id")) &&
    states.some((state) => state === fieldOf(value, "state"))
  );
}

/** What failed without a request is posted once more. */
export function isUnrequested({
  state,
  id,
}: Pick<JournalOutcome, "state"> & { id?: string | undefined }): boolean {
  return state === "failed" && id === undefined;
}

function isTextIfAny(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isPlace(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
