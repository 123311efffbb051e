// Mutants that lived, and which of them docs/mutants.md explains.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";

/**
 * A change of a source that a tool made, and what came of it.
 *
 * @typedef {object} Mutant
 * @property {string} file
 * @property {number} line
 * @property {string} change what was put in place of what, without its place in the file: lines move
 * @property {"killed" | "lived" | "timed out" | "not tried"} outcome
 *
 * @typedef {{ file: string, change: string }} Explained
 */

const explanations = join(root, "docs", "mutants.md");

/** The rows of all tables with a file, a change and a reason. @returns {Explained[]} */
export function explainedMutants() {
  const rows = readFileSync(explanations, "utf8").matchAll(/^\| `([^`]+)` \| `` (.+?) `` \| .+ \|$/gm);
  return [...rows].map(([, file = "", change = ""]) => ({ file, change: change.replaceAll("\\|", "|") }));
}

/**
 * Tells how many mutants died, and each that lived without an explanation.
 *
 * @param {Mutant[]} mutants @param {Explained[]} explained
 * @returns {{ lines: string[], unexplained: number }}
 */
export function told(mutants, explained) {
  const files = [...new Set(mutants.map(({ file }) => file))].sort();
  const isExplained = (/** @type {Mutant} */ { file, change }) =>
    explained.some((it) => it.file === file && it.change === change);
  const lived = mutants.filter(({ outcome }) => outcome === "lived");
  const open = lived.filter((mutant) => !isExplained(mutant));
  return {
    lines: [
      ...files.map((file) => `${file}: ${counts(mutants.filter((it) => it.file === file))}`),
      `all: ${counts(mutants)}; ${lived.length - open.length} of those that lived are explained`,
      ...open.map(({ file, line, change }) => `lived: ${file}:${line}: ${change}`),
    ],
    unexplained: open.length,
  };
}

/** @param {Mutant[]} mutants */
function counts(mutants) {
  const outcomes = /** @type {const} */ (["killed", "timed out", "lived", "not tried"]);
  const numbers = outcomes.map((it) => [it, mutants.filter(({ outcome }) => outcome === it).length]);
  return numbers.flatMap(([outcome, count]) => (count ? [`${count} ${outcome}`] : [])).join(", ");
}
