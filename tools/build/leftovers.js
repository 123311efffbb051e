// What another checkout of this folder has left behind among what is built. npm packs all of a folder, so that a tarball
// would hold it, too: two builds of the same sources would differ.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isMade } from "./stamp.js";

/** Removes what this process has not built, nor found to be built. @param {string} folder */
export function removeLeftovers(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isDirectory() && !isMade(path)) rmSync(path);
  }
}
