// What the library says went wrong, in words for the person, and without what it quotes: its errors hold codes and
// tokens in their causes.
import { aborted, SignInError } from "./sign-in-error.ts";

type Library = typeof import("oauth4webapi");

const again = "Sign in again. If it fails again, tell the operator of this page.";
/** An issuer's words may be long. */
const longestReason = 300;

/** `host` is the issuer's. */
export function explained(library: Library, error: unknown, host: string): unknown {
  if (error instanceof SignInError) return error;
  if (error instanceof library.AuthorizationResponseError) return refusal(error, host);
  if (error instanceof library.ResponseBodyError) {
    return new SignInError("issuer-refused", `${host} refused: ${reason(error)}.`, again);
  }
  return isCoded(error) ? badAnswer(library, error, host) : error;
}

/** No answer at all. `error` is what `fetch` threw. */
export function noAnswer(error: unknown, host: string) {
  const name = error instanceof Error ? error.name : "";
  if (name === "AbortError") return aborted();
  const why = name === "TimeoutError" ? "it took too long" : "the connection failed";
  const fix =
    `Check the network. The operator of this page checks that ${host} is up and allows this origin (CORS). ` +
    `The page's Content-Security-Policy must allow ${host}, too (connect-src).`;
  return new SignInError("issuer-unreachable", `${host} does not answer: ${why}.`, fix);
}

/** What an issuer says of a refusal. */
interface Refusal {
  error: string;
  error_description?: string | undefined;
}

function refusal(refused: Refusal, host: string) {
  if (refused.error === "access_denied") {
    const message = `${host} did not let you in: ${reason(refused)}.`;
    return new SignInError("denied", message, "Sign in again and agree, or sign in as a person who may.");
  }
  return new SignInError("issuer-refused", `${host} refused: ${reason(refused)}.`, again);
}

function reason({ error, error_description }: Refusal) {
  return [error, error_description].filter(Boolean).join(", ").slice(0, longestReason);
}

function badAnswer(library: Library, { code, cause, message }: Coded, host: string) {
  if (code === library.JWT_TIMESTAMP_CHECK) {
    const fix = "Set the clock of this computer, then sign in again.";
    return new SignInError("clock", `The clocks of ${host} and of this computer differ too much.`, fix);
  }
  if (code === library.JWT_CLAIM_COMPARISON && isAboutNonce(cause)) {
    return new SignInError("wrong-nonce", `The answer of ${host} belongs to another sign-in (nonce).`, again);
  }
  if (code === library.INVALID_RESPONSE && /"state"/.test(message)) {
    return new SignInError("wrong-state", `The answer of ${host} belongs to another sign-in (state).`, again);
  }
  const problem = `${host} sent an answer that this page cannot use: ${message}.`;
  return new SignInError("bad-answer", problem, again);
}

/** An error of the library, which has a code of its own. */
type Coded = Error & { code: string };

function isCoded(error: unknown): error is Coded {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function isAboutNonce(cause: unknown) {
  return typeof cause === "object" && cause !== null && "claim" in cause && cause.claim === "nonce";
}
