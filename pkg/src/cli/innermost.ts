// Why a fetch failed, in the words of the error that is furthest inside.
import { systemCode } from "./input.ts";

/** What a fetch says is in its cause. */
export function innermost(error: unknown): string {
  const inner = innermostError(error);
  return inner instanceof Error ? inner.message || systemCode(inner) : String(inner);
}

/** The cause that has no other; of several, such as one for each address of a host, the first. */
export function innermostError(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermostError(error.errors[0]);
  return error instanceof Error && error.cause instanceof Error ? innermostError(error.cause) : error;
}
