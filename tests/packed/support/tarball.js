// The package as `npm pack` makes it, and as `npm install` leaves it. Made once in a test file.
import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../tools/machine/command.js";
import { runNpm } from "../../../tools/machine/npm.js";
import { temporaryFolder } from "../../support/sandbox.js";

/** @typedef {{ file: string, files: string[], name: string, version: string }} Tarball */

/** @type {Promise<Tarball> | undefined} */
let packed;
/** @type {Promise<string> | undefined} */
let installed;

/** @returns {Promise<Tarball>} */
export function tarball() {
  packed ??= pack();
  return packed;
}

async function pack() {
  const folder = lastingFolder("tarball");
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await runNpm(args, { cwd: join(root, "pkg") });
  // A list in npm 11, an object by name in others.
  const [made] = Object.values(JSON.parse(stdout));
  const files = made.files.map((/** @type {{ path: string }} */ { path }) => path).sort();
  return { file: join(folder, made.filename), files, name: made.name, version: made.version };
}

/** Where npm installed the package, into a folder that holds nothing else. */
function installation() {
  installed ??= install();
  return installed;
}

async function install() {
  const folder = lastingFolder("installed");
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const { file } = await tarball();
  const quiet = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  await runNpm(["install", ...quiet, file], { cwd: folder });
  return join(folder, "node_modules");
}

/**
 * Puts the package where npm puts it. Packages that it needs lie within it, since a project may have other versions of
 * them.
 *
 * @param {string} folder of a project
 */
export async function installInto(folder) {
  const from = await installation();
  const to = join(folder, "node_modules", "ocisign");
  cpSync(join(from, "ocisign"), to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name === "ocisign" || name.startsWith(".")) continue;
    const target = join(to, "node_modules", name);
    if (!existsSync(target)) cpSync(join(from, name), target, { recursive: true });
  }
}

/** A folder that lasts as long as this process: not only one test uses it. @param {string} name */
function lastingFolder(name) {
  const { folder, remove } = temporaryFolder(`packed-${name}`);
  process.once("exit", remove);
  return folder;
}
