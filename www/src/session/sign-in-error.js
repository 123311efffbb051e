// What can go wrong while somebody signs in.

/**
 * Like the package's own errors: a `code` to decide by, a message that says what and where, a `fix` that says what
 * to do. It never has a cause: what a library throws here may quote a token or an authorization code.
 *
 * @example
 * throw new SignInError("popup-closed", "The sign-in window was closed.", "Sign in again.");
 */
export class SignInError extends Error {
  /** @param {SignInErrorCode} code @param {string} message @param {string} fix */
  constructor(code, message, fix) {
    super(message);
    this.name = "SignInError";
    this.code = code;
    this.fix = fix;
  }
}

/** The attempt was given up, for another one or by the person. */
export function aborted() {
  return new SignInError("aborted", "This sign-in was given up.", "Sign in again when wanted.");
}

/**
 * @typedef {"aborted" | "bad-answer" | "bad-settings" | "bad-token" | "clock" | "denied" | "expired-token"
 *   | "issuer-refused" | "issuer-unreachable" | "not-loaded" | "popup-blocked" | "popup-closed"
 *   | "sandbox-refused" | "sandbox-unreachable" | "wrong-nonce" | "wrong-state"} SignInErrorCode
 */
