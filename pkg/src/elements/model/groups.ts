// Groups are UUIDs, which are compared without regard to case.

import { foldedId } from "../../service/same-id.ts";
import { textsOnly } from "../../shown/claimed-groups.ts";
import type { Identity } from "../portal.ts";

/** Those of some groups that are among others. */
export function shared(some: readonly string[], others: readonly string[]) {
  const known = new Set(others.map(foldedId));
  return some.filter((group) => known.has(foldedId(group)));
}

/** Are these the same groups, each as often, in whichever order? */
export function areSame(some: readonly string[], others: readonly string[]): boolean {
  const inOrder = (groups: readonly string[]) => JSON.stringify(groups.map(foldedId).sort());
  return some.length === others.length && inOrder(some) === inOrder(others);
}

/** A person's groups; nothing where they are unknown. A portal may say anything. */
export function groupsOf(person: Identity | undefined) {
  return textsOnly(person?.groups);
}
