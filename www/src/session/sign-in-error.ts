// What can go wrong during a sign-in.

export type SignInErrorCode =
  | "aborted"
  | "bad-answer"
  | "bad-settings"
  | "bad-token"
  | "clock"
  | "denied"
  | "expired-token"
  | "issuer-refused"
  | "issuer-unreachable"
  | "not-loaded"
  | "popup-blocked"
  | "popup-closed"
  | "sandbox-refused"
  | "sandbox-unreachable"
  | "wrong-nonce"
  | "wrong-state";

/**
 * Like the package's own errors: a `code` to decide by, a message that says what and where, a `fix` that says what
 * to do. It never has a cause: what a library throws here may quote a token or an authorization code.
 *
 * @example
 * throw new SignInError("popup-closed", "The sign-in window was closed.", "Sign in again.");
 */
export class SignInError extends Error {
  override name = "SignInError";
  readonly code: SignInErrorCode;
  readonly fix: string;

  constructor(code: SignInErrorCode, message: string, fix: string) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}

/** The attempt ended for another one, or by the person. */
export function aborted() {
  return new SignInError("aborted", "This sign-in was cancelled.", "Sign in again.");
}

export function isAborted(error: unknown) {
  return error instanceof SignInError && error.code === "aborted";
}
