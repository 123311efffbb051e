// A token that the person pasted. It cannot be renewed.
import { bareToken } from "../../../pkg/src/service/bare-token.ts";
import { tokenFault } from "../../../pkg/src/shown/token-fault.ts";
import { claimsOf } from "./claims.ts";
import { SignInError } from "./sign-in-error.ts";
import type { Grant, Source } from "./source.ts";

/**
 * @example
 * await session.signIn(new PastedToken(field.value));
 */
export class PastedToken implements Source {
  readonly canRenew = false;
  readonly canRepeat = false;
  #token: string;

  /** `text` is a token; white space, quotes and the word `Bearer` around it are dropped. */
  constructor(text: string) {
    this.#token = bareToken(text);
  }

  async signIn(): Promise<Grant> {
    const token = this.#token;
    // The client would refuse it, too, but only once it sends one.
    const fault = tokenFault(token);
    if (fault) throw new SignInError("bad-token", `The token ${fault.what}.`, fault.fix);
    const identity = claimsOf(token);
    return { token, identity, expiresAt: identity?.expiresAt };
  }

  forget() {
    this.#token = "";
  }
}
