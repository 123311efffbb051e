// A copy of the checkout, for tools that change sources or what is built of them, and the packages that only these need.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { contentHash } from "../build/stamp.js";
import { cached, makeOnce } from "../machine/cache.js";
import { root } from "../machine/command.js";
import { runNpm } from "../machine/npm.js";

/** Apart from package.json of the checkout, which would install them for everybody. */
const lockFiles = ["package.json", "package-lock.json"].map((file) => join(root, "tests", "mutants", file));

/** Installs StrykerJS and c8. @param {(line: string) => void} onLine @returns {Promise<string>} where they are */
export async function needTools(onLine) {
  const folder = cached("mutants", `tools@${contentHash(lockFiles).slice(0, 16)}`);
  await makeOnce(folder, async (unfinished) => {
    for (const file of lockFiles) copyFileSync(file, join(unfinished, basename(file)));
    const args = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
    await runNpm(args, { cwd: unfinished, onLine });
  });
  return join(folder, "node_modules");
}

/**
 * An interrupted run leaves nothing in the checkout. What was built comes along.
 *
 * @param {string} copy its folder @param {string} modules where the tools are
 */
export function copyCheckout(copy, modules) {
  copySources(copy);
  for (const made of ["pkg/dist", "pkg/src/shown/look-alikes.ts", "target/bindgen"]) {
    cpSync(join(root, made), join(copy, made), { recursive: true });
  }
  linkPackages(copy, modules);
}

/** Copies what git knows, and what is new. @param {string} copy its folder */
export function copySources(copy) {
  rmSync(copy, { recursive: true, force: true });
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of listed.split("\0").filter((it) => it !== "")) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(root, file), join(copy, file));
  }
}

/** All packages, with Stryker's beside them; "ocisign" is the copy's own. @param {string} copy @param {string} modules */
function linkPackages(copy, modules) {
  const packages = join(copy, "node_modules");
  mkdirSync(packages);
  for (const name of readdirSync(join(root, "node_modules"))) {
    const target = name === "ocisign" ? join(copy, "pkg") : join(root, "node_modules", name);
    symlinkSync(target, join(packages, name), "junction");
  }
  symlinkSync(join(modules, "@stryker-mutator"), join(packages, "@stryker-mutator"), "junction");
}
