// Refusals of tokens in a run whose service has accepted one: a gateway may be behind, or a token may expire on its way.
import { fieldOf } from "../foreign.ts";

/** So many in a row, each of a new token, are believed. */
const most = 5;

export class RefusedTokens {
  #inARow = 0;

  /** A token was accepted. */
  accepted(): void {
    this.#inARow = 0;
  }

  /** Is it a refusal of one token that the next one need not share? Each is asked about once. */
  isOne(error: unknown): boolean {
    if (fieldOf(error, "code") !== "unauthorized") return false;
    this.#inARow += 1;
    return this.#inARow < most;
  }
}
