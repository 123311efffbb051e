// The caller's signal, between two pieces of work.
import { fail } from "../error.ts";

/** Throws once the caller has ended it. */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw fail(
    "aborted",
    "The caller's signal stopped the comparison.",
    "Start again when wanted.",
    signal.reason,
  );
}
