// Mutants of the core, in Rust: cargo-mutants compiles each, in a copy of the checkout. .cargo/mutants.toml says which
// tests have to notice them.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cargoMutants, needCargoTool } from "../machine/cargo-tools.js";
import { finish, root, Stop } from "../machine/command.js";

const folder = join(root, "target", "mutants", "rust");

/** @type {Record<string, import("./mutants.js").Mutant["outcome"]>} */
const outcomes = {
  CaughtMutant: "killed",
  MissedMutant: "lived",
  Timeout: "timed out",
  Unviable: "not tried",
};

/**
 * Tries each mutant of the given files, or of all of the core and the grammar.
 *
 * @param {{ only: string[], onLine: (line: string) => void }} options
 * @returns {Promise<import("./mutants.js").Mutant[]>}
 */
export async function rustMutants({ only, onLine }) {
  const program = await needCargoTool(cargoMutants, onLine);
  rmSync(folder, { recursive: true, force: true });
  const packages = ["ocisign", "ocisign-grammar"].flatMap((name) => ["--package", name]);
  const files = only.flatMap((file) => ["--file", file]);
  const args = ["mutants", ...packages, ...files, "--jobs", "1", "--no-shuffle", "--colors", "never"];
  // It ends with a code of its own when a mutant lived. What came of each is read from its report.
  const { code, output } = await finish(program, [...args, "--timeout", "120", "--output", folder], {
    // Compiled once for all mutants and runs, without what only a debugger reads.
    env: {
      CARGO_TARGET_DIR: join(root, "target", "mutants", "rust-target"),
      CARGO_PROFILE_DEV_DEBUG: "none",
      CARGO_BUILD_JOBS: "1",
    },
    background: true,
    onLine,
  });
  if (![0, 2, 3].includes(code)) throw new Stop(`cargo mutants ended with code ${code}:\n${output.trim()}`);
  return readOutcomes();
}
/** @returns {import("./mutants.js").Mutant[]} */
function readOutcomes() {
  /** @type {{ outcomes: { scenario: "Baseline" | { Mutant: { name: string, file: string, span: { start: { line: number } } } }, summary: string }[] }} */
  const report = JSON.parse(readFileSync(join(folder, "mutants.out", "outcomes.json"), "utf8"));
  return report.outcomes.flatMap(({ scenario, summary }) => {
    if (scenario === "Baseline") return [];
    const { name, file, span } = scenario.Mutant;
    const change = name.replace(/^[^:]+:\d+:\d+: /, "");
    return [{ file, line: span.start.line, change, outcome: outcomes[summary] ?? "not tried" }];
  });
}
