// The id of a batch, and the keys of its requests. What they look like in metadata is batch-mark.ts's.
import { harmless } from "../core.ts";
import { fail } from "../error.ts";
import { isText } from "../foreign.ts";
import { batchPattern } from "./batch-mark.ts";

export { batchEntry, batchOf, newBatchId, requestEntry, requestKeyOf } from "./batch-mark.ts";

/** Of an image's hash, so much is in a request's key. */
const hashDigits = 16;

/** A batch id that a caller gave. @throws {OcisignError} `bad-input` */
export function checkBatchId(given: unknown): string {
  if (isText(given) && batchPattern.test(given)) return given;
  const what = isText(given) ? `The batch id \`${harmless(given)}\`` : "The batch id";
  throw fail(
    "bad-input",
    `${what} is not one to 64 letters, digits, dots, underscores or hyphens.`,
    "Use only A-Z, a-z, 0-9 and . _ - in a batch id.",
  );
}

/**
 * The key of a request within its batch: `<batch>/<16 hexadecimal digits of SHA-256 over the canonical reference>`. A
 * restart makes the same one, so nobody has to keep it.
 *
 * @param batch which {@link checkBatchId} has seen
 * @param hash SHA-256 over the canonical reference, in hexadecimal
 */
export function requestKey(batch: string, hash: string): string {
  return `${batch}/${hash.slice(0, hashDigits)}`;
}
