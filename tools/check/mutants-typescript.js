// Mutants of what judges, in TypeScript. Stryker writes all of them into a copy of the checkout, which is built once; a
// variable chooses the one that acts. Of each mutant, only those tests run that reach it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run, Stop } from "../machine/command.js";
import { copyCheckout, needTools } from "./checkout-copy.js";

const copy = join(root, "target", "mutants", "typescript");

/** @type {Record<string, import("./mutants.js").Mutant["outcome"]>} */
const outcomes = { Killed: "killed", Survived: "lived", NoCoverage: "lived", Timeout: "timed out" };

/**
 * Tries each mutant of the given files, or of all that the settings name.
 *
 * @typedef {object} Trying
 * @property {string[]} only files, with or without lines
 * @property {string[]} tests how the names of their files begin, in place of those of the settings
 * @property {boolean} isThorough all that reach a mutant are run, however long they take
 * @property {boolean} isWithImports mutants are tried, too, that act while a file is imported
 * @property {(line: string) => void} onLine
 *
 * @param {Trying} trying
 * @returns {Promise<import("./mutants.js").Mutant[]>}
 */
export async function typescriptMutants({ only, tests, isThorough, isWithImports, onLine }) {
  const modules = await needTools(onLine);
  // Stryker writes its mutants into the sources where they stand.
  copyCheckout(copy, modules);
  changeSettings((settings) => {
    if (tests.length > 0) settings.nodeTest.begin = tests;
    if (isThorough) settings.nodeTest.mostMs = 600_000;
    if (isWithImports) settings.ignoreStatic = false;
  });
  const stryker = join(modules, "@stryker-mutator", "core", "bin", "stryker.js");
  const mutate = only.length > 0 ? ["--mutate", only.join(",")] : [];
  await run(process.execPath, [stryker, "run", "tests/mutants/stryker.json", ...mutate], {
    cwd: copy,
    background: true,
    onLine,
  });
  return readReport(join(copy, "reports", "mutation", "mutation.json"));
}

/** @param {(settings: any) => void} change of those in tests/mutants/stryker.json */
function changeSettings(change) {
  const path = join(copy, "tests", "mutants", "stryker.json");
  const settings = JSON.parse(readFileSync(path, "utf8"));
  change(settings);
  writeFileSync(path, JSON.stringify(settings));
}

/** @param {string} path @returns {import("./mutants.js").Mutant[]} */
function readReport(path) {
  /** @type {{ files: Record<string, { source: string, mutants: Changed[] }> }} */
  const { files } = JSON.parse(readFileSync(path, "utf8"));
  const mutants = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map(({ status, replacement, location }) => ({
      file,
      line: location.start.line,
      change: `replace ${short(textAt(source, location))} with ${short(replacement)}`,
      outcome: outcomes[status] ?? "not tried",
    })),
  );
  if (mutants.length === 0) throw new Stop("Stryker found nothing to change: check the path after --only.");
  return mutants;
}

/**
 * @typedef {{ line: number, column: number }} Position
 * @typedef {{ status: string, replacement: string, location: { start: Position, end: Position } }} Changed
 *
 * @param {string} source @param {Changed["location"]} location lines and columns from one
 */
function textAt(source, { start, end }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1)?.slice(0, end.column - 1) ?? "";
  lines[0] = lines[0]?.slice(start.column - 1) ?? "";
  return lines.join("\n");
}

/** In one line that a person reads. @param {string} text */
function short(text) {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= 80 ? line : `${line.slice(0, 50)}…${line.slice(-25)}`;
}
