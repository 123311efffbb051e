// Which lines and branches the tests reach: of the core by cargo-llvm-cov, of what judges signatures by c8.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { cargoLlvmCov, needCargoTool } from "../machine/cargo-tools.js";
import { root, run } from "../machine/command.js";
import { copyCheckout, needTools } from "./checkout-copy.js";

/** @typedef {{ file: string, lines: number, branches: number }} Covered in percent */

/**
 * Of the core and the grammar: what `cargo test` runs, without the examples of the documentation.
 *
 * @param {(line: string) => void} onLine @returns {Promise<Covered[]>}
 */
export async function rustCoverage(onLine) {
  const program = await needCargoTool(cargoLlvmCov, onLine);
  const packages = ["ocisign", "ocisign-grammar"].flatMap((name) => ["--package", name]);
  const { stdout } = await run(program, ["llvm-cov", "--locked", ...packages, "--json", "--summary-only"], {
    env: { CARGO_TARGET_DIR: join(root, "target", "coverage"), CARGO_BUILD_JOBS: "1" },
    background: true,
    quietStdout: true,
    onLine,
  });
  /** @typedef {{ percent: number }} Percent */
  /** @type {{ data: { files: { filename: string, summary: { lines: Percent, regions: Percent } }[] }[] }} */
  const { data } = JSON.parse(stdout.slice(stdout.indexOf("{")));
  return data.flatMap(({ files }) =>
    files.map(({ filename, summary }) => ({
      file: relative(root, filename),
      lines: summary.lines.percent,
      branches: summary.regions.percent,
    })),
  );
}

/**
 * Of pkg/src/signature and pkg/src/strict: what the tests run that try mutants, too.
 *
 * @param {(line: string) => void} onLine @returns {Promise<Covered[]>}
 */
export async function typescriptCoverage(onLine) {
  const modules = await needTools(onLine);
  const copy = join(root, "target", "coverage-typescript");
  copyCheckout(copy, modules);
  await run(process.execPath, ["tests/mutants/build.js", "--source-maps"], { cwd: copy, onLine });
  const kept = join(copy, "coverage");
  mkdirSync(kept);
  const env = { NODE_V8_COVERAGE: kept };
  const tests = testsIn(copy);
  await run(process.execPath, ["--test", "--test-reporter=dot", "--test-concurrency=1", ...tests], {
    cwd: copy,
    env,
    background: true,
    onLine,
  });
  for (const name of readdirSync(kept)) sourcesAsPaths(join(kept, name));
  const c8 = join(modules, "c8", "bin", "c8.js");
  const sources = ["pkg/src/signature/**", "pkg/src/strict/**"].flatMap((it) => ["--include", it]);
  const report = ["report", "--temp-directory", kept, "--exclude-after-remap", "--reporter", "json-summary"];
  await run(process.execPath, [c8, ...report, ...sources, "--reports-dir", "reports/coverage"], {
    cwd: copy,
  });
  const path = join(copy, "reports", "coverage", "coverage-summary.json");
  /** @type {Record<string, { lines: { pct: number }, branches: { pct: number } }>} */
  const summary = JSON.parse(readFileSync(path, "utf8"));
  return Object.entries(summary)
    .filter(([file]) => file !== "total")
    .map(([file, { lines, branches }]) => ({
      file: relative(copy, file),
      lines: lines.pct,
      branches: branches.pct,
    }));
}

/**
 * Node writes sources as URLs. c8 takes those for paths, counts nothing of them, and calls all of them covered.
 *
 * @param {string} path of what a process wrote down
 */
function sourcesAsPaths(path) {
  /** @type {{ "source-map-cache"?: Record<string, { data: { sources: string[] } | null }> }} */
  const written = JSON.parse(readFileSync(path, "utf8"));
  for (const { data } of Object.values(written["source-map-cache"] ?? {})) {
    if (data) data.sources = data.sources.map((it) => (it.startsWith("file:") ? fileURLToPath(it) : it));
  }
  writeFileSync(path, JSON.stringify(written));
}

/** The files that Stryker's settings name. @param {string} copy */
function testsIn(copy) {
  /** @type {{ nodeTest: { folder: string, begin: string[] } }} */
  const { nodeTest } = JSON.parse(readFileSync(join(copy, "tests", "mutants", "stryker.json"), "utf8"));
  const { folder, begin } = nodeTest;
  return readdirSync(join(copy, folder))
    .filter((name) => name.endsWith(".test.js") && begin.some((it) => name.startsWith(it)))
    .map((name) => `${folder}/${name}`);
}
