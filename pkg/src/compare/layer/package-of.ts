// A package, as a database or a list names it.

import { quoted, refuse } from "../../strict/fault.ts";
import type { Package } from "../changes.ts";
import { withoutSecrets } from "../secret-looking.ts";

/** The longest name, version or licence that is kept, in UTF-16 units. */
const longest = 1000;
/** More packages than this no image has. */
const mostPackages = 50_000;

export function packageOf(
  kind: string,
  name: string,
  version: string | undefined,
  licences: readonly string[],
): Package {
  for (const text of [name, version ?? "", ...licences]) {
    if (text.length > longest) refuse(`A package has ${quoted(text)} in it, of ${text.length} characters.`);
  }
  return { name: shown(name), version: shown(version ?? ""), kind, licences: licences.map(shown) };
}

/** Package managers write down addresses as they were given, with users and tokens. */
function shown(text: string): string {
  return text.includes("://") ? withoutSecrets(text) : text;
}

/** A package of a database, and for which machine it is. */
export interface Installed {
  readonly one: Package;
  readonly architecture: string;
}

/** Of one name and several machines, each has its machine in its name: they are several packages. */
export function toldApart(installed: readonly Installed[]): Package[] {
  const machines = new Map<string, Set<string>>();
  for (const { one, architecture } of installed) {
    machines.set(one.name, (machines.get(one.name) ?? new Set()).add(architecture));
  }
  return installed.map(({ one, architecture }) => {
    const isOneOfSeveral = (machines.get(one.name)?.size ?? 0) > 1 && architecture !== "";
    return isOneOfSeveral ? { ...one, name: `${one.name}:${architecture}` } : one;
  });
}

export function checkCount(packages: readonly unknown[]): void {
  if (packages.length > mostPackages) refuse(`It names more than ${mostPackages} packages.`);
}
