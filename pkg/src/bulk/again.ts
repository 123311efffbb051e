// An error with other words: what it means for a run.
import { OcisignError, type Taken, type UnplacedErrorCode } from "../error.ts";

/** An error of the same code. @param error none where nothing failed that this run has seen: it is `in-doubt` */
export function again(
  error: OcisignError | undefined,
  message: string,
  fix: string,
  taken: Taken = "no",
): OcisignError {
  // No code of a call is one of an error with a place.
  const code = (error?.code ?? "in-doubt") as UnplacedErrorCode;
  return new OcisignError(code, message, fix, undefined, error, taken) as OcisignError;
}
