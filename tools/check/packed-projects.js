// The runtimes and bundlers that the packed package is tested with: each is a project under tests/packed/projects,
// installed once for each state of its lock file, for all checkouts. Tools are the newest that run on Node 20.
import { copyFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { contentHash } from "../build/stamp.js";
import { cached, makeOnce } from "../machine/cache.js";
import { root } from "../machine/command.js";
import { runNpm } from "../machine/npm.js";

export const projects = join(root, "tests", "packed", "projects");

export const projectNames = readdirSync(projects);

/** Where a project's node_modules is. @param {string} name */
export function modulesOf(name) {
  return join(folderOf(name), "node_modules");
}

/** @param {string} name */
function folderOf(name) {
  const { platform, arch } = process;
  return cached("packed", `${name}@${contentHash(lockFiles(name)).slice(0, 16)}-${platform}-${arch}`);
}

/** @param {string} name */
function lockFiles(name) {
  return ["package.json", "package-lock.json"].map((file) => join(projects, name, file));
}

/** Installs a project's packages. @param {string} name @param {(text: string) => void} note */
export function installProject(name, note) {
  return makeOnce(folderOf(name), async (unfinished) => {
    for (const file of lockFiles(name)) copyFileSync(file, join(unfinished, basename(file)));
    // Their programs come as packages; no script of theirs needs to run.
    const args = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
    await runNpm(args, { cwd: unfinished, onLine: note });
  });
}
