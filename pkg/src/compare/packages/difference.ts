// Which packages two lists do not have in common.
import type { NamedChange, Package } from "../changes.ts";

export interface PackageDifference {
  /** By name. */
  readonly changes: readonly NamedChange<Package>[];
  readonly same: number;
}

/**
 * Packages of one name and kind are compared with each other. There may be several, such as two versions of one library:
 * those that are in both lists are the same, one on each side that is left was changed, and the others came or went.
 */
export function packageDifference(before: readonly Package[], after: readonly Package[]): PackageDifference {
  const [old, now] = [grouped(before), grouped(after)];
  const changes: NamedChange<Package>[] = [];
  let same = 0;
  const none: Group = new Map();
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [left, right] = [old.get(key) ?? none, now.get(key) ?? none];
    const [gone, come] = [without(left, right), without(right, left)];
    same += left.size - gone.length;
    // Tens of thousands may have one name: no function takes so many arguments.
    for (const change of changesOf(gone, come)) changes.push(change);
  }
  return { changes: changes.sort(byName), same };
}

/** Packages of one name and kind, by all that they may differ in. */
type Group = Map<string, Package>;

/** Lists name the same package twice, such as once for each place where it was found. */
function grouped(packages: readonly Package[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const one of packages) {
    const key = JSON.stringify([one.name, one.kind]);
    const group: Group = groups.get(key) ?? new Map();
    group.set(JSON.stringify([one.version, one.licences]), one);
    groups.set(key, group);
  }
  return groups;
}

function without(group: Group, other: Group): Package[] {
  return [...group].filter(([key]) => !other.has(key)).map(([, one]) => one);
}

function changesOf(gone: readonly Package[], come: readonly Package[]): NamedChange<Package>[] {
  const left = new Map(gone.map((one) => [one.version, one]));
  const changed: NamedChange<Package>[] = [];
  const right: Package[] = [];
  // The same version with other licences belongs together.
  for (const after of come) {
    const before = left.get(after.version);
    if (!before) right.push(after);
    else changed.push({ name: after.name, state: "changed", before, after });
    left.delete(after.version);
  }
  const paired = new Set(changed.map((it) => (it.state === "changed" ? it.before : undefined)));
  const rest = gone.filter((one) => !paired.has(one));
  const [before, after] = [rest[0], right[0]];
  if (before && after && rest.length === 1 && right.length === 1) {
    return [...changed, { name: after.name, state: "changed", before, after }];
  }
  return [
    ...changed,
    ...rest.map((one): NamedChange<Package> => ({ name: one.name, state: "removed", before: one })),
    ...right.map((one): NamedChange<Package> => ({ name: one.name, state: "added", after: one })),
  ];
}

function byName(one: NamedChange<Package>, other: NamedChange<Package>): number {
  return one.name < other.name ? -1 : Number(one.name > other.name);
}
