// What a journal holds of an outcome.
import { cut } from "../../shown/given-text.ts";
import type { SignOutcome } from "../outcome.ts";
import type { JournalOutcome } from "./journal.ts";

export function recordOf(outcome: SignOutcome): JournalOutcome {
  const { index, reference, state } = outcome;
  const id =
    outcome.state === "skipped" ? outcome.id : "signing" in outcome ? outcome.signing?.id : undefined;
  const why = outcome.state === "skipped" && outcome.why !== "done" ? outcome.why : undefined;
  const { code, message, fix } = ("error" in outcome && outcome.error) || {};
  return {
    ...{ kind: "outcome", index, reference, state },
    ...(id !== undefined && { id: cut(id) }),
    ...(why !== undefined && { why }),
    ...(code !== undefined &&
      message !== undefined &&
      fix !== undefined && { error: { code, message, fix } }),
  };
}
