import { type ImageReference, parseReference } from "ocisign";
import { withoutBlankEnds } from "../model/blank-ends.ts";

export interface GivenReference {
  /** What was typed, without blank ends. */
  text: string;
  reference?: ImageReference;
  /** Why there is no reference. */
  error?: unknown;
}

export function readGivenReference(typed: string): GivenReference {
  const text = withoutBlankEnds(typed);
  try {
    return { text, reference: parseReference(text) };
  } catch (error) {
    return { text, error };
  }
}
