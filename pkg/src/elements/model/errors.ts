// What an error says: its code, its words, and whether the service may have accepted the call nevertheless.
import type { ErrorCode } from "ocisign";

/** The code of an error of ours, if it is one. */
export function codeOf(error: unknown): ErrorCode | undefined {
  return Object(error).code;
}

/** What went wrong, and what to do about it. Anything that was thrown has a message here. */
export function wordsOf(error: unknown): { message: string; fix: string } {
  const { message = error, fix = "" }: { message?: unknown; fix?: unknown } = Object(error);
  return { message: String(message), fix: String(fix) };
}

/** Of an error that is not the package's own nothing is known: the call may have been accepted. */
export function mayHaveBeenTaken(error: unknown) {
  return Object(error).taken !== "no";
}
