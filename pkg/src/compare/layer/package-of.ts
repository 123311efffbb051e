// A package, as a database or a list names it.

import { quoted, refuse } from "../../strict/fault.ts";
import type { Package } from "../changes.ts";

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
  return { name, version: version ?? "", kind, licences };
}

export function checkCount(packages: readonly unknown[]): void {
  if (packages.length > mostPackages) refuse(`It names more than ${mostPackages} packages.`);
}
