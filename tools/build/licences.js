import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { upToDate } from "../machine/steps.js";

// npm takes nothing from outside a package's own folder.
const licences = ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"];

/** Puts the licences into pkg, where `npm pack` finds them. */
export function copyLicences() {
  const stale = licences.filter((name) => !isSame(join(root, name), join(root, "pkg", name)));
  for (const name of stale) copyFileSync(join(root, name), join(root, "pkg", name));
  if (stale.length === 0) return upToDate;
}

/** @param {string} original @param {string} copy */
function isSame(original, copy) {
  return existsSync(copy) && readFileSync(copy).equals(readFileSync(original));
}
