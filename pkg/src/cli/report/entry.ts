// What a report says of one image, whichever command made it.
import type { DecisionOutcome, ErrorCode, Verification } from "ocisign";
import type { SignOutcome } from "../../bulk/outcome.ts";
import { inWordsOfHere } from "../here.ts";

/** How an image ended: as a signing, as a verification, or by a decision about its request. */
export type ReportedState = SignOutcome["state"] | Verification["state"] | DecisionOutcome["state"];

export interface ReportEntry {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** Its line in the file, from 1. */
  readonly line?: number | undefined;
  /** Canonical; of a line that is no reference, what may be shown of it (withheld.ts). */
  readonly reference: string;
  readonly state: ReportedState;
  /** Of what is skipped because of an earlier run: how its request ended there, or that it still waited. */
  readonly was?: SignOutcome["state"] | undefined;
  /** It ended as it was wanted to, such as a request that was to be rejected. */
  readonly isWanted?: boolean;
  /** Of the request. */
  readonly id?: string | undefined;
  readonly verification?: Verification | undefined;
  readonly error?:
    | { readonly code: ErrorCode | string; readonly message: string; readonly fix: string }
    | undefined;
  /** Why it ended so, where neither verification nor error say it. */
  readonly reason?: string | undefined;
  /** How long it took, in milliseconds, where that was measured. */
  readonly ms?: number | undefined;
}

/** What a person wants to know of an image that did not end well. */
export interface Why {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** How it ended, in whichever run that was. */
export function endOf({ state, was }: ReportEntry): ReportedState {
  return was ?? state;
}

/** Why an image ended as it did, from wherever the entry says it. */
export function whyOf(entry: ReportEntry): Why {
  const { state, error, reason, verification } = entry;
  if (error) return error;
  const [problem] = verification?.problems ?? [];
  return {
    code: problem?.code ?? endOf(entry),
    message: reason ?? verification?.reason ?? state,
    fix: inWordsOfHere(problem?.fix ?? "", problem?.message),
  };
}
