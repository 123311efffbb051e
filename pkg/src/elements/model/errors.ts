// What an error says: its code, its words, and whether the service may have accepted the call nevertheless.
import type { ErrorCode } from "ocisign";
import { blockedIn } from "../controllers/policy.ts";
import { strings } from "../strings/index.ts";

/** What a person was about to do when it went wrong. The same refusal needs other advice for another person. */
export type Doing = "read" | "decide" | "request";

/** The code of an error of ours, if it is one. */
export function codeOf(error: unknown): ErrorCode | undefined {
  return Object(error).code;
}

/**
 * What went wrong, and what to do about it. Anything that was thrown has a message here.
 *
 * @param doing advises the person who does that; without it, the fix is the error's own
 */
export function wordsOf(error: unknown, doing?: Doing): { message: string; fix: string } {
  const { message = error, fix = "" }: { message?: unknown; fix?: unknown } = Object(error);
  const own = { message: String(message), fix: String(fix) };
  const origin = codeOf(error) === "network" ? blockedIn(own.message) : undefined;
  if (origin !== undefined) {
    const { policy, policyFix } = strings.common;
    return { message: policy(origin), fix: policyFix(origin) };
  }
  return { ...own, fix: (doing && adviceFor(error, doing)) || own.fix };
}

/** Of an error that is not the package's own nothing is known: the call may have been accepted. */
export function mayHaveBeenTaken(error: unknown) {
  return Object(error).taken !== "no";
}

/** For a call that came to nothing: what this person can do. Programs are advised otherwise. */
function adviceFor(error: unknown, doing: Doing): string | undefined {
  const { advice } = strings.common;
  if (mayHaveBeenTaken(error)) return undefined;
  switch (codeOf(error)) {
    case "forbidden":
      return { read: advice.mayNotRead, decide: advice.mayNotDecide, request: advice.mayNotRequest }[doing];
    case "not-found":
      return advice.notFound;
    // Who opens a link wrote nothing that could be corrected.
    case "bad-request":
      return doing === "read" ? advice.notFound : undefined;
    case "server-error":
      return advice.serverError;
    default:
      return undefined;
  }
}
