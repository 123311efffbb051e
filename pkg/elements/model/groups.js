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
