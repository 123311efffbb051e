// What is known of a tool that verifies signatures: the form of a row. The rows themselves are in consumers.ts.
import type { KeyType } from "ocisign";
import type { ReferrersPlace, Trait } from "./situation.ts";

/** The test that measures the rows of a tool. */
export type Measure = "tests/interop/accepts.test.js" | "tests/admission/accepts.test.js";

/** The traits of a situation, joined by `+`: `bundle+simple`. Of an image with nothing beside it: `unsigned`. */
export type SituationName = string;

/** Why a tool refuses, and the situations in which it does. */
export interface Refusal {
  /** A sentence for people. `{hash}` stands for the hash that was signed. */
  readonly why: string;
  readonly when: readonly SituationName[];
  /** An option of the tool itself with which it accepts in all these situations. */
  readonly option?: ToolOption;
}

/** An option of a tool. */
export interface ToolOption {
  /** `{hash}` stands for the hash as the tool spells it: sha384. */
  readonly args: readonly string[];
  /** What it does, as a sentence. */
  readonly what: string;
  /** The situations in which it was tried; all of its refusal if left out. */
  readonly when?: readonly SituationName[];
}

/** What is known of one tool, in the versions that were tried, asked in one way. */
export interface Consumer {
  /** The same for the same tool asked in the same way, whatever its version and the type of key. */
  readonly id: string;
  readonly name: string;
  /** Which programs decide by it, if it is a library. */
  readonly usedBy?: string;
  /** How it is asked: a command, or a kind of policy. */
  readonly how: string;
  readonly versions: readonly string[];
  /** Where the rows come from. */
  readonly basis: { readonly measured: Measure };
  /** The types of keys with which it was tried. */
  readonly keyTypes: readonly KeyType[];
  /** Where bundles and attestations were listed when it was tried. */
  readonly places: readonly ReferrersPlace[];
  /** The situations in which it accepts. */
  readonly accepts: readonly SituationName[];
  readonly refuses: readonly Refusal[];
  /** The situations in which it depends on what a verification does not tell, and on what. */
  readonly depends?: readonly Pick<Refusal, "why" | "when">[];
  /** The command to which options are added; the image stands behind them. */
  readonly command?: readonly string[];
}

/** @param traits in alphabetical order */
export function nameOf(traits: readonly Trait[]): SituationName {
  return traits.length === 0 ? "unsigned" : traits.join("+");
}
