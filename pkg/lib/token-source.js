// Where the bearer token comes from. It is asked for once, kept, and asked for again when the service refuses it:
// tokens live about an hour, and a wait can be longer.

/** @param {any} core */
export function tokenSources({ checkToken, OcisignError, fail }) {
  return class TokenSource {
    /** @type {(() => unknown) | undefined} */
    #ask;
    /** @type {string | undefined} */
    #kept;
    /** The question under way, which all waiting calls share: a token command can be slow. @type {Promise<string> | undefined} */
    #asking;

    /** @param {unknown} source a token, or a function that gives one or a promise of one */
    constructor(source) {
      if (typeof source === "function") this.#ask = () => source();
      else this.#kept = read(source, "token is neither a string nor a function.");
    }

    /** The token to send. @returns {Promise<string>} */
    async current() {
      return this.#kept ?? this.#askAgain();
    }

    /** Another token than the one that was refused, if there is one. @param {string} refused */
    async insteadOf(refused) {
      const token = this.#kept !== refused || !this.#ask ? this.#kept : await this.#askAgain();
      return token === refused ? undefined : token;
    }

    #askAgain() {
      this.#asking ??= this.#question().finally(() => {
        this.#asking = undefined;
      });
      return this.#asking;
    }

    async #question() {
      let answer;
      try {
        answer = await this.#ask?.();
      } catch (cause) {
        if (cause instanceof OcisignError) throw cause;
        // Its message is not repeated: it may hold a secret.
        throw fail(
          "bad-token",
          "token() failed; its error is the cause of this one.",
          "Sign in again.",
          cause,
        );
      }
      this.#kept = read(answer, "what token() returned is not a string.");
      return this.#kept;
    }
  };

  /** @param {unknown} token @param {string} otherwise @returns {string} */
  function read(token, otherwise) {
    if (typeof token === "string") return checkToken(token);
    throw fail("bad-input", otherwise, "Pass a string, or a function that returns one or a promise of one.");
  }
}
