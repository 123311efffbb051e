// Which packages differ between two images.
import { alone } from "../alone.ts";
import type { PackageChanges } from "../changes.ts";
import type { How, Side } from "../side.ts";
import { unknown, unknownBecause } from "../unknown.ts";
import { type Installed, installedIn } from "./databases.ts";
import { packageDifference } from "./difference.ts";
import { billsOf } from "./sboms.ts";

/**
 * Compares the packages of two images of one platform: by the lists that both carry, or by the package databases of
 * their layers. What cannot be read is told as `unknown`; only the caller's abort is thrown.
 */
export async function comparePackages(before: Side, after: Side, how: How): Promise<PackageChanges> {
  try {
    const isDeep = how.packages === "layers";
    const [old, now] = await (isDeep ? readableBills(before, after, how) : billsOf(before, after, how));
    if (old && now) return compared(old, now);
    if (isDeep) return await fromDatabases(before, after, how);
    if (!old && !now) return { state: "none" };
    const without = old ? after : before;
    return unknown(
      "not-found",
      `Only one of the images has a list of packages: ${without.manifestDigest} has none.`,
      "Compare the package databases of the layers, or attach an SBOM to both.",
    );
  } catch (error) {
    return unknownBecause("The packages cannot be compared", error);
  }
}

/** Where the layers themselves can be asked, a list that cannot be read is as one that is missing. */
async function readableBills(...given: Parameters<typeof billsOf>): ReturnType<typeof billsOf> {
  try {
    return await billsOf(...given);
  } catch (error) {
    // Throws what is no finding.
    unknownBecause("The lists of packages", error);
    return [undefined, undefined];
  }
}

async function fromDatabases(before: Side, after: Side, how: How): Promise<PackageChanges> {
  const [old, now] = await alone(() => installedIn(before, after, how), how.signal);
  // That all layers hold none is known, since all were read: then all packages of the other one came, or went.
  return old.sources.length + now.sources.length === 0 ? { state: "none" } : compared(old, now);
}

function compared(before: Installed, after: Installed): PackageChanges {
  const { changes, same } = packageDifference(before.packages, after.packages);
  return { state: "compared", before: before.sources, after: after.sources, changes, same };
}
