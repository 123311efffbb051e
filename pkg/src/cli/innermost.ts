// Why a fetch failed, in the words of the error that is furthest inside.
import { systemCode } from "./input.ts";

/** What a fetch says is in its cause. */
export function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? innermost(error.cause) : error.message || systemCode(error);
}
