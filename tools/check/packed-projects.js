// The runtimes and bundlers that the packed package is tested with: each is a project under tests/packed/projects,
// installed once for each state of its lock file. Tools are the newest that run on Node 20.
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { contentHash } from "../build/stamp.js";
import { root } from "../machine/command.js";
import { runNpm } from "../machine/npm.js";
import { upToDate } from "../machine/steps.js";

export const projects = join(root, "tests", "packed", "projects");
const installed = join(root, "target", "packed");

/** @param {string[]} [names] all of them, when left out @returns {import("../machine/steps.js").Step[]} one for each project */
export function installSteps(names = readdirSync(projects)) {
  return names.map((name) => ({ name, run: (note) => install(name, note) }));
}

/** Where a project's node_modules is. @param {string} name */
export function modulesOf(name) {
  return join(folderOf(name), "node_modules");
}

/** @param {string} name */
function folderOf(name) {
  return join(installed, `${name}@${contentHash(lockFiles(name)).slice(0, 16)}`);
}

/** @param {string} name */
function lockFiles(name) {
  return ["package.json", "package-lock.json"].map((file) => join(projects, name, file));
}

/** @param {string} name @param {(text: string) => void} note */
async function install(name, note) {
  const folder = folderOf(name);
  if (existsSync(folder)) return upToDate;
  // Only what is complete gets its name, so that an interrupted run leaves nothing that looks installed.
  const unfinished = `${folder}.unfinished`;
  removeOthers(name);
  mkdirSync(unfinished, { recursive: true });
  for (const file of lockFiles(name)) copyFileSync(file, join(unfinished, basename(file)));
  // Their programs come as packages; no script of theirs needs to run.
  const args = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  await runNpm(args, { cwd: unfinished, onLine: note });
  renameSync(unfinished, folder);
}

/** Earlier states of the lock file. @param {string} name */
function removeOthers(name) {
  if (!existsSync(installed)) return;
  for (const entry of readdirSync(installed)) {
    if (entry.startsWith(`${name}@`)) rmSync(join(installed, entry), { recursive: true });
  }
}
