// What came of a run, as each reader takes it: a state in a word, the summary, a report's entry.
import type { ImageReference, Signing } from "ocisign";
import type { Failure } from "../failure.ts";
import { inWordsOfHere } from "../here.ts";
import type { ReportEntry } from "../report/entry.ts";
import type { Ensured } from "./run.ts";
import type { Told } from "./summary.ts";

/** How an image stands. */
type State = ReportEntry["state"];

/** A verification is more than the word of the service; a request that is not signed is all there is. */
export function stateOf({ signing, verification }: Ensured): State {
  if (verification) return verification.state;
  return signing ? standing(signing) : "unsigned";
}

function standing({ state, final }: Signing): State {
  if (state === "unknown") return "unexplained";
  return final && (state === "signed" || state === "rejected" || state === "failed") ? state : "waiting";
}

export function toldOf(result: Ensured): Told {
  const state = stateOf(result);
  const { signing, verification } = result;
  const [problem] = verification?.problems ?? [];
  const reason = verification?.reason ?? signing?.reason;
  const id = signing?.id;
  return {
    state,
    id,
    reason,
    next: nextOf(state, signing, inWordsOfHere(problem?.fix ?? "", problem?.message)),
  };
}

function nextOf(state: State, signing: Signing | undefined, fix: string): string | undefined {
  switch (state) {
    case "waiting":
    case "unexplained":
      return "Have it approved, and run this job again: it takes up the same request.";
    case "rejected":
    case "failed":
      return "Run this job with --again to request it anew.";
    case "unsigned":
    case "invalid":
      if (signing) return "Check the key. With --again, this job requests the signature anew.";
      return undefined;
    case "unreachable":
      return `${fix} Nothing was requested.`;
    default:
      return undefined;
  }
}

export function entryOf(result: Ensured, { id, reason }: Told): ReportEntry {
  const { image, verification } = result;
  return { index: 0, reference: image.canonical, state: stateOf(result), id, reason, verification };
}

/** An image of which the run could not find out how it stands. */
export function failedEntry(image: ImageReference, id: string | undefined, failure: Failure): ReportEntry {
  const { code, message, fix, taken } = failure;
  const state = code === "in-doubt" || taken === "maybe" ? "doubtful" : "failed";
  return { index: 0, reference: image.canonical, state, id, error: { code, message, fix } };
}
