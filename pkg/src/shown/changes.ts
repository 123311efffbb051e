// What differs between two images, in words: a line, what has to be seen, and the rest by platform and part. Page,
// receipt and command line tell it alike. Foreign text is marked as such; whoever shows it writes out what it hides.
import type { ImageChanges, OcisignError, PlatformChange } from "ocisign";
import { type Noticed, noticedIn } from "./changes/notable.ts";
import { type Part, partsOf } from "./changes/parts.ts";
import { platformName } from "./changes/platform-name.ts";
import { comparedIn, knownOf } from "./changes/sides.ts";
import { platformSummary, summaryOf } from "./changes/summary.ts";
import { type ChangeWords, changeWords } from "./changes/words.ts";

export type { Noticed } from "./changes/notable.ts";
export type { Part, PartKey } from "./changes/parts.ts";
export type { Row, RowState } from "./changes/rows.ts";
export { type Told, toldText } from "./changes/told.ts";
export { type ChangeWords, changeWords } from "./changes/words.ts";

/** One platform of both images, or of one. */
export interface PlatformView {
  /** `linux/arm64`; empty where neither image names one. */
  readonly name: string;
  /** `both` images have it, or it is new or gone, or nobody knows. */
  readonly state: "both" | "added" | "removed" | "unknown";
  readonly summary: string;
  /** What differs; of a platform that one image has alone, what that image is. */
  readonly parts: readonly Part[];
  readonly error?: OcisignError;
}

export interface ChangesView {
  /** One line, without foreign text: `2 of 9 layers new, 3 packages changed, entrypoint changed`. */
  readonly summary: string;
  /** What an approver has to see, most important first: nothing may fold it. */
  readonly notable: readonly Noticed[];
  readonly platforms: readonly PlatformView[];
  /** Something of it could not be read, so that nobody may take it for the same. */
  readonly hasUnknown: boolean;
}

/**
 * What a comparison says, in words.
 *
 * @param words the page's own, where it has replaced them
 */
export function changesView(changes: ImageChanges, words: ChangeWords = changeWords): ChangesView {
  const platforms = changes.platforms.map((change) => platformView(change, words));
  return {
    summary: summaryOf(changes, words),
    notable: noticedIn(changes, words),
    platforms,
    hasUnknown: platforms.some(isUnknown),
  };
}

const states = {
  same: "both",
  changed: "both",
  added: "added",
  removed: "removed",
  unknown: "unknown",
} as const;

function platformView(change: PlatformChange, words: ChangeWords): PlatformView {
  const known = knownOf(change);
  const { platform = known?.platform } = change;
  const name = platform ? platformName(platform) : "";
  const compared = comparedIn(change);
  return {
    name,
    state: states[change.state],
    summary: compared ? platformSummary(compared, words) : lonely(change, name || words.noPlatform, words),
    parts: known ? partsOf(known, words) : [],
    ...(change.state === "unknown" && { error: change.error }),
  };
}

function lonely({ state }: PlatformChange, name: string, words: ChangeWords) {
  if (state === "added") return words.platformAdded(name);
  return state === "removed" ? words.platformRemoved(name) : words.platformUnknown(name);
}

function isUnknown({ state, parts }: PlatformView) {
  return (
    state === "unknown" ||
    parts.some((part) => part.state === "unknown" || part.rows.some((row) => row.state === "unknown"))
  );
}
