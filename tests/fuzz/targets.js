// What is fuzzed: a file in `targets/` each. It exports `judge`, which gets bytes as a stranger would send them, calls
// readers with them, and throws when one does what it must never do. What a reader may throw, `judge` catches.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Target
 * @property {(input: Buffer) => void | Promise<void>} judge
 * @property {readonly string[]} [words] that inputs are made of, beside those of the sources
 * @property {number} [longest] of an input, in bytes
 */

const folder = fileURLToPath(new URL("targets", import.meta.url));

/** Their names. */
export const targets = readdirSync(folder)
  .map((file) => file.replace(/\.js$/, ""))
  .sort();

/** The inputs that are kept of a target, with their files. @param {string} target */
export function corpusOf(target) {
  const kept = corpusFolder(target);
  const names = existsSync(kept) ? readdirSync(kept).sort() : [];
  return names.map((name) => {
    const file = join(kept, name);
    return { file, input: readFileSync(file) };
  });
}

/** @param {string} target */
export function corpusFolder(target) {
  return fileURLToPath(new URL(`corpus/${target}`, import.meta.url));
}
