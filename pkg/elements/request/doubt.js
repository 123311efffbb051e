import { codeOf } from "../base.js";

/** Errors that came instead of an answer, or with one that says nothing of what was done. */
const inDoubt = new Set([
  "network",
  "timeout",
  "aborted",
  "server-error",
  "not-json",
  "bad-reply",
  "bad-status",
]);

/** May a request have been taken although it failed? Then it is not sent again unless somebody looked. @param {unknown} error */
export function mayHaveBeenTaken(error) {
  return inDoubt.has(String(codeOf(error)));
}
