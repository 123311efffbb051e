// What an error says: its code, its words, and whether the service may have done what was asked all the same.

/** The code of an error of ours, if it is one. @param {unknown} error @returns {import("ocisign").ErrorCode | undefined} */
export function codeOf(error) {
  return Object(error).code;
}

/** What went wrong, and what to do about it. Whatever was thrown has a message here. @param {unknown} error @returns {{ message: string, fix: string }} */
export function wordsOf(error) {
  const { message = String(error), fix = "" } = Object(error);
  return { message, fix };
}

/**
 * The service's answer, or ours, to what was surely not taken. After anything else it may have been: no answer, a fault
 * of the service or of a proxy, a redirect, which many answer to what they took, an answer that makes no sense, or an
 * error that is not known here.
 */
const surelyNotTaken = new Set([
  ...["changed", "conflict", "forbidden", "unauthorized", "not-found", "bad-request", "rate-limited"],
  ...["bad-input", "bad-token"],
  // Said of a request before it is sent.
  ...[
    "product-registry",
    "registry-mismatch",
    "product-disabled",
    "operation-missing",
    "operation-ambiguous",
  ],
]);

/** May a call that acts have been taken although it failed? Then it is not sent again unless somebody looked. @param {unknown} error */
export function mayHaveBeenTaken(error) {
  return !surelyNotTaken.has(String(codeOf(error)));
}
