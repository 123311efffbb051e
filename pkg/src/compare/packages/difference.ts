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
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [left, right] = [[...(old.get(key) ?? [])], [...(now.get(key) ?? [])]];
    same += takeSame(left, right, isSame);
    changes.push(...changesOf(left, right));
  }
  return { changes: changes.sort(byName), same };
}

/** Lists name the same package twice, such as once for each place where it was found. */
function grouped(packages: readonly Package[]): Map<string, Package[]> {
  const groups = new Map<string, Map<string, Package>>();
  for (const one of packages) {
    const key = JSON.stringify([one.name, one.kind]);
    const group = groups.get(key) ?? new Map<string, Package>();
    group.set(JSON.stringify([one.version, one.licences]), one);
    groups.set(key, group);
  }
  return new Map([...groups].map(([key, group]) => [key, [...group.values()]]));
}

/** Takes out of both what both have; how many that were. */
function takeSame(
  left: Package[],
  right: Package[],
  isSame: (one: Package, other: Package) => boolean,
): number {
  const rest = left.filter((one) => {
    const at = right.findIndex((other) => isSame(one, other));
    if (at === -1) return true;
    right.splice(at, 1);
    return false;
  });
  const count = left.length - rest.length;
  left.splice(0, left.length, ...rest);
  return count;
}

function changesOf(left: Package[], right: Package[]): NamedChange<Package>[] {
  const changes: NamedChange<Package>[] = [];
  // The same version with other licences belongs together.
  for (const one of [...left]) {
    const at = right.findIndex(({ version }) => version === one.version);
    const other = right[at];
    if (!other) continue;
    right.splice(at, 1);
    left.splice(left.indexOf(one), 1);
    changes.push({ name: one.name, state: "changed", before: one, after: other });
  }
  const [before, after] = [left[0], right[0]];
  if (before && after && left.length === 1 && right.length === 1) {
    return [...changes, { name: after.name, state: "changed", before, after }];
  }
  for (const one of left) changes.push({ name: one.name, state: "removed", before: one });
  for (const one of right) changes.push({ name: one.name, state: "added", after: one });
  return changes;
}

function isSame(one: Package, other: Package): boolean {
  return one.version === other.version && JSON.stringify(one.licences) === JSON.stringify(other.licences);
}

function byName(one: NamedChange<Package>, other: NamedChange<Package>): number {
  return one.name < other.name ? -1 : Number(one.name > other.name);
}
