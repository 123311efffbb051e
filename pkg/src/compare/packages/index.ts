// Which packages differ between two images.
import type { PackageChanges } from "../changes.ts";
import type { How, Side } from "../side.ts";
import { unknown } from "../unknown.ts";

/**
 * Compares the packages of two images of one platform: by the lists that both carry, or by the package databases of
 * their layers. What cannot be read is told as `unknown`; only the caller's abort is thrown.
 */
export async function comparePackages(_before: Side, _after: Side, _how: How): Promise<PackageChanges> {
  return unknown("bad-reply", "Packages are not read yet.", "Compare the layers.");
}
