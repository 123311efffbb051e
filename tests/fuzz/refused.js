// What a reader answers, or nothing where it refuses as it may: by an error of ours, with words.
import assert from "node:assert/strict";

/**
 * @template T
 * @param {abstract new (...given: any[]) => Error} kind of the refusals @param {() => T} read
 * @returns {T | undefined}
 */
export function refusedBy(kind, read) {
  try {
    return read();
  } catch (error) {
    checkRefusal(kind, error);
    return undefined;
  }
}

/**
 * The same of a reader that waits.
 *
 * @template T
 * @param {abstract new (...given: any[]) => Error} kind @param {() => Promise<T>} read
 * @returns {Promise<T | undefined>}
 */
export async function refusedLater(kind, read) {
  try {
    return await read();
  } catch (error) {
    checkRefusal(kind, error);
    return undefined;
  }
}

/** @param {abstract new (...given: any[]) => Error} kind @param {unknown} error */
function checkRefusal(kind, error) {
  if (!(error instanceof kind)) throw error;
  assert.ok(error.message.length > 0, "a refusal says nothing");
  // Foreign text in it is short, and on one line.
  assert.ok(!hidden.test(error.message), `it shows what it hides: ${JSON.stringify(error.message)}`);
}

/** Controls, line breaks, and marks of direction. */
const hidden = /\p{Cc}|[\u2028\u2029\u202a-\u202e]/u;
