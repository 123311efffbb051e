// A stamp remembers what was built from what, by content: a copy, a changed clock or another place of the checkout
// never decides what is built.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { root } from "../machine/command.js";
import { upToDate } from "../machine/steps.js";

/**
 * @typedef {object} Recipe
 * @property {string} [words] whatever else decides about what is built, such as a version
 * @property {string[]} [extraInputs] files that the build does not tell as its inputs: the builder itself, a lock file
 * @property {() => Promise<{ inputs: string[], outputs: string[] }>} build makes the outputs, and tells which files it
 *   read; a new file that is imported is found because the file that imports it changed
 */

/** What this process has built, or found to be built: by paths from the root. @type {Set<string>} */
const made = new Set();

/** Was a file built, or found to be built, by this process? @param {string} file */
export function isMade(file) {
  return made.has(fromRoot(file));
}

/**
 * Builds unless all outputs and all inputs are what they were.
 *
 * @param {string} stamp the file that remembers @param {Recipe} recipe
 * @returns {Promise<typeof upToDate | undefined>}
 */
export async function buildWhenStale(stamp, { words = "", extraInputs = [], build }) {
  const given = hashes(extraInputs);
  const before = readStamp(stamp);
  if (before && isAsStamped(before, words, given)) {
    note(before.outputs);
    return upToDate;
  }
  // An interrupted build leaves nothing that looks built.
  rmSync(stamp, { force: true });
  const { inputs, outputs } = await build();
  const now = { words, inputs: { ...given, ...hashes(inputs) }, outputs: hashes(outputs) };
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${JSON.stringify(now, undefined, 1)}\n`);
  note(now.outputs);
}

/** @param {Record<string, string>} outputs */
function note(outputs) {
  for (const file of Object.keys(outputs)) made.add(file);
}

/**
 * @typedef {{ words: string, inputs: Record<string, string>, outputs: Record<string, string> }} Made files by their
 *   paths from the root, with their hashes
 *
 * @param {Made} made @param {string} words
 * @param {Record<string, string>} given the inputs that are known beforehand, and must be among those of the stamp
 */
function isAsStamped(made, words, given) {
  if (made.words !== words) return false;
  const isSame = (/** @type {[string, string]} */ [file, hash]) => hashOf(file) === hash;
  return (
    Object.entries(given).every(([file, hash]) => made.inputs[file] === hash) &&
    // Also what was built: somebody may have changed it by hand, to try something.
    Object.entries(made.outputs).every(isSame) &&
    Object.entries(made.inputs).every(isSame)
  );
}

/** @param {string} stamp @returns {Made | undefined} */
function readStamp(stamp) {
  if (!existsSync(stamp)) return undefined;
  try {
    return JSON.parse(readFileSync(stamp, "utf8"));
  } catch {
    // Half written, or of an earlier kind: it says nothing.
    return undefined;
  }
}

/** What was read for that which a stamp remembers, by paths from the root. @param {string} stamp */
export function inputsOfStamp(stamp) {
  const made = readStamp(stamp) ?? missing(fromRoot(stamp));
  return Object.keys(made.inputs);
}

/** @param {string[]} files @returns {Record<string, string>} their hashes, by their paths from the root */
function hashes(files) {
  const named = files.map(fromRoot).sort();
  return Object.fromEntries(named.map((file) => [file, hashOf(file) ?? missing(file)]));
}

/** @param {string} file @returns {never} */
function missing(file) {
  throw new Error(`${file} is missing, of which something is built`);
}

/** @param {string} file from the root @returns {string | undefined} nothing when the file is not there */
function hashOf(file) {
  const path = join(root, file);
  return existsSync(path) ? contentHash([path]) : undefined;
}

/** A file's path from the root, alike on every system. @param {string} file */
function fromRoot(file) {
  return relative(root, resolve(root, file)).split(sep).join("/");
}

/** The files that esbuild read for a bundle. @param {import("esbuild").Metafile} metafile */
export function inputsOf({ inputs }) {
  // What a plugin makes up has a name such as "npm:lit", and is no file.
  const files = Object.keys(inputs).filter((name) => !/^[\w-]{2,}:/.test(name));
  return files.map((name) => resolve(name));
}

/** The files that esbuild wrote. @param {import("esbuild").Metafile} metafile */
export function outputsOf({ outputs }) {
  return Object.keys(outputs).map((name) => resolve(name));
}

/**
 * One hash over files, by name and content, and over words.
 *
 * @param {string[]} files @param {string} [words]
 */
export function contentHash(files, words = "") {
  const hash = createHash("sha256").update(words);
  for (const file of files) {
    hash.update("\0").update(fromRoot(file)).update("\0");
    hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}
