// What could not be found out, as it is told of a part: the rest of the comparison goes on.
import { fail, OcisignError } from "../error.ts";
import { isA } from "../foreign.ts";
import { Fault } from "../strict/fault.ts";

/** Said of a part that could not be read. */
export interface Unknown {
  readonly state: "unknown";
  readonly error: OcisignError;
}

/**
 * What is told in place of a part. The caller's own abort, wrong arguments and our mistakes are no finding: they are
 * thrown on.
 *
 * @param about what could not be read, at the beginning of the message
 */
export function unknownBecause(about: string, error: unknown): Unknown {
  if (error instanceof Fault) {
    return unknown("bad-reply", `${about}: ${error.message}`, "Look at what was pushed there.");
  }
  const isFinding = isA(error, OcisignError) && !["aborted", "bad-input", "bad-url"].includes(error.code);
  if (!isFinding) throw error;
  return { state: "unknown", error };
}

/** The same for what is known not to be readable. */
export function unknown(code: Parameters<typeof fail>[0], message: string, fix: string): Unknown {
  // It has one of the codes, whichever: the union of all errors is what it is.
  return { state: "unknown", error: fail(code, message, fix) as OcisignError };
}
