// The two sides of a change.
import type { Change, PlatformChange, PlatformChanges } from "ocisign";

/** What `before` and `after` hold, as far as they do. */
export function sidesOf<T>(change: Change<T>): { readonly before?: T; readonly after?: T } {
  switch (change.state) {
    case "same":
      return { before: change.value, after: change.value };
    case "changed":
      return { before: change.before, after: change.after };
    case "added":
      return { after: change.after };
    case "removed":
      return { before: change.before };
    case "unknown":
      return {};
  }
}

/**
 * The changes of a platform, if both images have it and both were read. What is told of a platform that one image has
 * alone describes that image, and compares nothing.
 */
export function comparedIn(change: PlatformChange): PlatformChanges | undefined {
  if (change.state === "same") return change.value;
  return change.state === "changed" ? change.after : undefined;
}

/** What is known of a platform, whichever image has it. */
export function knownOf(change: PlatformChange): PlatformChanges | undefined {
  const { before, after } = sidesOf(change);
  return after ?? before;
}
