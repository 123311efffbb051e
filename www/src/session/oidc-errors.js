// What the library says went wrong, in words for the person, and without what it quotes: its errors hold codes and
// tokens in their causes.
import { aborted, SignInError } from "./sign-in-error.js";

const again = "Sign in again; if it stays so, tell who runs this page.";
/** An issuer's words may be long. */
const longestReason = 300;

/** @param {typeof import("oauth4webapi")} library @param {any} error @param {string} host the issuer's */
export function explained(library, error, host) {
  if (error instanceof SignInError) return error;
  if (error instanceof library.AuthorizationResponseError) return refusal(error, host);
  if (error instanceof library.ResponseBodyError) {
    return new SignInError("issuer-refused", `${host} refused: ${reason(error)}.`, again);
  }
  return typeof error?.code === "string" ? badAnswer(library, error, host) : error;
}

/** No answer at all. @param {any} error of fetch @param {string} host */
export function noAnswer(error, host) {
  if (error?.name === "AbortError") return aborted();
  const why = error?.name === "TimeoutError" ? "it took too long" : "the connection failed";
  const fix = `Check the network. Who runs this page checks that ${host} is up and allows this origin (CORS), and that the page's Content-Security-Policy allows ${host} (connect-src).`;
  return new SignInError("issuer-unreachable", `${host} does not answer: ${why}.`, fix);
}

/** @param {{ error: string, error_description?: string }} error @param {string} host */
function refusal(error, host) {
  if (error.error === "access_denied") {
    const message = `${host} did not let you in: ${reason(error)}.`;
    return new SignInError("denied", message, "Sign in again, and agree; or as somebody who may.");
  }
  return new SignInError("issuer-refused", `${host} refused: ${reason(error)}.`, again);
}

/** @param {{ error: string, error_description?: string }} error */
function reason({ error, error_description }) {
  return [error, error_description].filter(Boolean).join(", ").slice(0, longestReason);
}

/** @param {typeof import("oauth4webapi")} library @param {any} error @param {string} host */
function badAnswer(library, { code, cause, message }, host) {
  if (code === library.JWT_TIMESTAMP_CHECK) {
    const fix = "Set the clock of this computer, then sign in again.";
    return new SignInError("clock", `The clocks of ${host} and of this computer differ too much.`, fix);
  }
  if (code === library.JWT_CLAIM_COMPARISON && cause?.claim === "nonce") {
    return new SignInError("wrong-nonce", `What ${host} sent belongs to another sign-in (nonce).`, again);
  }
  if (code === library.INVALID_RESPONSE && /"state"/.test(message)) {
    return new SignInError("wrong-state", `The answer of ${host} belongs to another sign-in (state).`, again);
  }
  return new SignInError(
    "bad-answer",
    `${host} sent something that this page cannot use: ${message}.`,
    again,
  );
}
