// Where the bearer token comes from. The client asks for it once, keeps it, and asks again when the service refuses it:
// tokens live about an hour, and a wait can be longer.
import { checkToken } from "../core.ts";
import { fail, OcisignError } from "../error.ts";
import { bareToken } from "./bare-token.ts";

/**
 * A bearer token (RFC 6750), or what gives one. A function is asked once, and again when the service refuses the
 * token: one can expire in the middle of a long wait.
 */
export type TokenSource = string | (() => string | PromiseLike<string>);

/** The tokens of one client. */
export class Tokens {
  #ask: (() => unknown) | undefined;
  #kept: string | undefined;
  /** The question under way, which all waiting calls share: a token command can be slow. */
  #asking: Promise<string> | undefined;

  /** @param source a token, or a function that gives one or a promise of one */
  constructor(source: unknown) {
    if (typeof source === "function") this.#ask = () => source();
    else this.#kept = read(source, "token is neither a string nor a function.");
  }

  /** The token to send, where nobody need be asked for it. */
  get kept(): string | undefined {
    return this.#kept;
  }

  /** The token to send. */
  async current(): Promise<string> {
    return this.#kept ?? this.#askAgain();
  }

  /** Another token than the one that was refused, if there is one. */
  async insteadOf(refused: string): Promise<string | undefined> {
    const token = this.#kept !== refused || !this.#ask ? this.#kept : await this.#askAgain();
    return token === refused ? undefined : token;
  }

  #askAgain(): Promise<string> {
    this.#asking ??= this.#question().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #question(): Promise<string> {
    let answer: unknown;
    try {
      answer = await this.#ask?.();
    } catch (cause) {
      if (cause instanceof OcisignError) throw cause;
      // Its message is not repeated: it may hold a secret.
      const message = "token() failed; its error is the cause.";
      throw fail("bad-token", message, "Sign in again.", cause);
    }
    this.#kept = read(answer, "token() returned no string.");
    return this.#kept;
  }
}

function read(token: unknown, otherwise: string): string {
  if (typeof token === "string") return checkToken(bareToken(token));
  throw fail("bad-input", otherwise, "Pass a string, or a function that returns one or a promise of one.");
}
