// Whether a failure says that a service has too much to do: the one rule for all who read and act at a pace.
import { OcisignError } from "../error.ts";
import { askedMs } from "../service/call.ts";

/**
 * A connection that broke, a spoilt reply and a refused token say nothing of the load, unless nobody is answered.
 *
 * @param isOut is nobody answered?
 */
export function isOverload(error: unknown, isOut: boolean): boolean {
  if (isOut) return true;
  return error instanceof OcisignError && (error.code === "rate-limited" || askedMs(error) > 0);
}
