// Groups are UUIDs, which are compared without regard to case.

import { textsOnly } from "../../shown/claimed-groups.ts";
import type { Identity } from "../portal.ts";

/** A group as it is compared, and as a portal names it. */
export function folded(group: string) {
  return group.toLowerCase();
}

/** Those of some groups that are among others. */
export function shared(some: readonly string[], others: readonly string[]) {
  const known = new Set(others.map(folded));
  return some.filter((group) => known.has(folded(group)));
}

/** A person's groups; nothing where they are unknown. A portal may say anything. */
export function groupsOf(person: Identity | undefined) {
  return textsOnly(person?.groups);
}
