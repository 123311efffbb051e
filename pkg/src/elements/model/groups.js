// Groups are UUIDs, whose case says nothing.

/** A group as it is compared, and as a portal names it. @param {string} group */
export function folded(group) {
  return group.toLowerCase();
}

/** Those of some groups that are among others. @param {readonly string[]} some @param {readonly string[]} others */
export function shared(some, others) {
  const known = new Set(others.map(folded));
  return some.filter((group) => known.has(folded(group)));
}

/** A person's groups, if they are known: a portal may say anything. @param {import("../index.js").Identity | undefined} person */
export function groupsOf(person) {
  /** @type {unknown} */
  const groups = person?.groups;
  return Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : undefined;
}
