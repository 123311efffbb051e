// What a person saw of a comparison, for the records.
import type { CanonicalReference } from "ocisign";
import type { ComparedDetail } from "../events.ts";

/** What changed since the last signed version, as the person saw it. */
export interface SeenChanges {
  /** The image that was compared with. */
  readonly before: CanonicalReference;
  /** A signature proves that image. */
  readonly isVerified: boolean;
  /** In one line. */
  readonly summary: string;
  /** The codes of what had to be seen. */
  readonly notable: readonly string[];
}

export function seenIn({ changes, summary, isVerified }: ComparedDetail): SeenChanges {
  const notable = [...new Set(changes.notable.map(({ code }) => code))];
  return { before: changes.before, isVerified, summary, notable };
}
