// What is said of a reply that has more in it than JavaScript keeps, and how that error is known among others: who reads
// it by the public functions has the error only.
import { fieldOf } from "../foreign.ts";

const consequence = "so that nobody can be shown all of it.";

/** @param lost what is lost, in words */
export function lossIn(lost: string): string {
  return `The service's reply has ${lost}, ${consequence}`;
}

/** Does it say that a reply has more in it than can be shown? */
export function isLoss(error: unknown): boolean {
  const message = fieldOf(error, "message");
  return fieldOf(error, "code") === "bad-reply" && String(message).endsWith(consequence);
}
