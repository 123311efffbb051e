// What went wrong at the issuer, and what a person can do about it in this page.
import {
  type FaultCode,
  faultIn,
  type Library,
  noAnswer,
  type SignInFault,
} from "../../../pkg/src/sign-in/fault.ts";
import { aborted, SignInError } from "./sign-in-error.ts";

const again = "Sign in again. If it fails again, tell the operator of this page.";

const fixes: Readonly<Partial<Record<FaultCode, string>>> = {
  "bad-settings": "Tell the operator of this page to correct `oidc` in its settings.json.",
  clock: "Set the clock of this computer, then sign in again.",
  denied: "Sign in again and agree, or sign in as a person who may.",
};

/** `host` is the issuer's. */
export function explained(library: Library, error: unknown, host: string): unknown {
  const fault = error instanceof SignInError ? undefined : faultIn(library, error, host);
  return fault ? told(fault) : error;
}

export function told({ code, message }: SignInFault) {
  return new SignInError(code, message, fixes[code] ?? again);
}

/** No answer at all. `error` is what `fetch` threw. */
export function unanswered(error: unknown, host: string) {
  const fault = noAnswer(error, host);
  if (!fault) return aborted();
  const fix =
    `Check the network. The operator of this page checks that ${host} is up and allows this origin (CORS). ` +
    `The page's Content-Security-Policy must allow ${host}, too (connect-src).`;
  return new SignInError(fault.code, fault.message, fix);
}
