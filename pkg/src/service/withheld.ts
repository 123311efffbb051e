// Does the service keep something from this person?
import { fieldOf } from "../foreign.ts";

/** Some services answer 404 in place of 403, to hide what they withhold. */
export function isWithheld(error: unknown): boolean {
  const code = fieldOf(error, "code");
  return code === "forbidden" || code === "not-found";
}
