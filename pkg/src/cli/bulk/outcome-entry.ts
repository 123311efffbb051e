// An outcome as reports and the summary tell it.
import type { SignOutcome } from "../../bulk/outcome.ts";
import { explain } from "../failure.ts";
import type { ReportEntry } from "../report/entry.ts";
import type { Session } from "../session.ts";
import { shownReference, withheld } from "../withheld.ts";
import type { Ended } from "./tally.ts";

/** @param from the line that it stands in, and whether that names an image */
export function entryOf(
  outcome: SignOutcome,
  { line, isWrong }: { readonly line: number; readonly isWrong: boolean },
  session: Session,
): ReportEntry {
  const { index, state } = outcome;
  const reference = isWrong ? (shownReference(outcome.reference) ?? withheld) : outcome.reference;
  const place = { index, line, reference, state };
  switch (outcome.state) {
    case "skipped": {
      const { id, why, was, verification } = outcome;
      return { ...place, was, id, verification, reason: skippedReason(why, was) };
    }
    case "doubtful":
      return { ...place, error: errorOf(outcome.error, session) };
    default: {
      const { signing, error } = outcome;
      const reason =
        signing?.reason ?? (signing && state === "unexplained" ? unexplained(signing.code) : undefined);
      return {
        ...place,
        id: signing?.id,
        ...(error && { error: errorOf(error, session) }),
        ...(reason !== undefined && { reason }),
      };
    }
  }
}

export function endedAs(outcome: SignOutcome): Ended {
  if (outcome.state === "skipped") {
    const { state, why, was, id } = outcome;
    return { state, why, was, isRequested: id !== undefined };
  }
  const isRequested = "signing" in outcome && outcome.signing !== undefined;
  return { state: outcome.state, isRequested, takenUp: "takenUp" in outcome && outcome.takenUp };
}

function errorOf(error: unknown, session: Session) {
  const { code, message, fix } = explain(error, session);
  return { code, message, fix };
}

function unexplained(code: number): string {
  return `Status ${code} is not explained.`;
}

export function skippedReason(why: Ended["why"], was: Ended["was"]): string {
  if (why === "verified") return "The registry proves it already.";
  if (why === "repeated") return "An earlier line names the same image.";
  if (was === undefined) return "An earlier run has finished it.";
  // Nobody should take for finished what still waits.
  const isOpen = was === "waiting" || was === "unexplained";
  return isOpen ? `It was already requested: ${was}.` : `An earlier run has finished it: ${was}.`;
}
