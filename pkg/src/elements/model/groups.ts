// Groups are UUIDs, which are compared without regard to case.

import { foldedId } from "../../service/same-id.ts";
import { textsOnly } from "../../shown/claimed-groups.ts";
import type { Identity } from "../portal.ts";

/** Those of some groups that are among others. */
export function shared(some: readonly string[], others: readonly string[]) {
  const known = new Set(others.map(foldedId));
  return some.filter((group) => known.has(foldedId(group)));
}

/** A person's groups; nothing where they are unknown. A portal may say anything. */
export function groupsOf(person: Identity | undefined) {
  return textsOnly(person?.groups);
}
