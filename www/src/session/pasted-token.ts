// A token that the person pasted. It cannot be renewed.
import { claimsOf } from "./claims.ts";
import { SignInError } from "./sign-in-error.ts";
import type { Grant, Source } from "./source.ts";

/** Those of RFC 6750. The client would refuse others too, but only once it sends one. */
const tokenCharacters = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * @example
 * await session.signIn(new PastedToken(field.value));
 */
export class PastedToken implements Source {
  readonly canRenew = false;
  readonly canRepeat = false;
  #token: string;

  /** `text` is a token; white space around it, and the word that headers put before it, are dropped. */
  constructor(text: string) {
    this.#token = text.trim().replace(/^bearer(?:\s+|$)/i, "");
  }

  async signIn(): Promise<Grant> {
    const token = this.#token;
    if (!tokenCharacters.test(token)) {
      const fix = "Paste the token as the identity provider gave it.";
      throw new SignInError("bad-token", token ? "This is not a bearer token." : "The token is empty.", fix);
    }
    const identity = claimsOf(token);
    return { token, identity, expiresAt: identity?.expiresAt };
  }

  forget() {
    this.#token = "";
  }
}
