// What went wrong at an issuer, in words for a person, and without what the library quotes: its errors hold codes and
// tokens in their causes. Page and command line each add what a person can do there.
/** As `import("oauth4webapi")` gives it. */
export type Library = typeof import("oauth4webapi");

export type FaultCode =
  | "bad-answer"
  | "bad-settings"
  | "clock"
  | "denied"
  | "issuer-refused"
  | "issuer-unreachable"
  | "wrong-nonce"
  | "wrong-state";

/** It never has a cause: what a library throws here may quote a token or an authorization code. */
export class SignInFault extends Error {
  override readonly name = "SignInFault";
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** An issuer's words may be long. */
const longestReason = 300;

/**
 * An error of the library as a fault; nothing if it is none of the library's.
 *
 * @param host the issuer's
 */
export function faultIn(library: Library, error: unknown, host: string): SignInFault | undefined {
  if (error instanceof SignInFault) return error;
  if (error instanceof library.AuthorizationResponseError) return refusal(error, host);
  if (error instanceof library.ResponseBodyError) return refusal(error, host);
  return isCoded(error) ? badAnswer(library, error, host) : undefined;
}

/**
 * No answer at all; nothing if the caller ended it.
 *
 * @param error what `fetch` threw
 */
export function noAnswer(error: unknown, host: string): SignInFault | undefined {
  const name = error instanceof Error ? error.name : "";
  if (name === "AbortError") return undefined;
  const why = name === "TimeoutError" ? "it took too long" : "the connection failed";
  return new SignInFault("issuer-unreachable", `${host} does not answer: ${why}.`);
}

/** What an issuer says of a refusal. */
interface Refusal {
  readonly error: string;
  readonly error_description?: string | undefined;
}

function refusal(refused: Refusal, host: string): SignInFault {
  return refused.error === "access_denied"
    ? new SignInFault("denied", `${host} did not let you in: ${reason(refused)}.`)
    : new SignInFault("issuer-refused", `${host} refused: ${reason(refused)}.`);
}

function reason({ error, error_description }: Refusal): string {
  return [error, error_description].filter(Boolean).join(", ").slice(0, longestReason);
}

function badAnswer(library: Library, { code, cause, message }: Coded, host: string): SignInFault {
  if (code === library.JWT_TIMESTAMP_CHECK) {
    return new SignInFault("clock", `The clocks of ${host} and of this computer differ too much.`);
  }
  if (code === library.JWT_CLAIM_COMPARISON && isAboutNonce(cause)) {
    return new SignInFault("wrong-nonce", `The answer of ${host} belongs to another sign-in (nonce).`);
  }
  if (code === library.INVALID_RESPONSE && /"state"/.test(message)) {
    return new SignInFault("wrong-state", `The answer of ${host} belongs to another sign-in (state).`);
  }
  return new SignInFault("bad-answer", `${host} sent an answer that cannot be used: ${message}.`);
}

/** An error of the library, which has a code of its own. */
type Coded = Error & { readonly code: string };

function isCoded(error: unknown): error is Coded {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function isAboutNonce(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "claim" in cause && cause.claim === "nonce";
}
