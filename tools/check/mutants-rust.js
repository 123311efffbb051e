// Mutants of the core, in Rust. cargo-mutants lists them; nearly all are compiled at once (mutants-switch.js). The few
// that cannot be are left to cargo-mutants, which compiles one by one. Both change a copy of the checkout.
import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cargoMutants, needCargoTool } from "../machine/cargo-tools.js";
import { finish, root, Stop } from "../machine/command.js";
import { copySources } from "./checkout-copy.js";
import { chooser, variable, withSwitch } from "./mutants-switch.js";

const folder = join(root, "target", "mutants", "rust");
const copy = join(root, "target", "mutants", "rust-copy");

/** Those that have to notice a mutant, the quickest first. */
const tests = ["core", "values", "golden", "signing_request", "lists", "references", "der", "lib", "fuzzed"];
const cargoArgs = tests.map((name) => (name === "lib" ? "--lib" : `--test=${name}`));

/** Tests that take more of the processor do not end, and what asks for more memory would take all. */
const mostSeconds = 3;
const mostKilobytes = 4_000_000;
/** Bytes. A function that is written many times has the variables of each on the stack. */
const stack = `${64 << 20}`;

/** The number of none: they count from one. */
const noMutant = 0;

const env = {
  // Compiled once for all runs, without what only a debugger reads.
  CARGO_TARGET_DIR: join(root, "target", "mutants", "rust-target"),
  CARGO_PROFILE_DEV_DEBUG: "none",
  CARGO_BUILD_JOBS: "1",
};

/**
 * @typedef {import("./mutants.js").Mutant} Mutant
 * @typedef {import("./mutants-switch.js").Change} Change
 * @typedef {import("./mutants-switch.js").Arm} Arm
 * @typedef {{ number: number, change: Change }} Numbered
 * @typedef {(line: string) => void} OnLine
 */

/**
 * Tries each mutant of the given files, or of all of the core and the grammar.
 *
 * @param {{ only: string[], onLine: OnLine }} options
 * @returns {Promise<Mutant[]>}
 */
export async function rustMutants({ only, onLine }) {
  const program = await needCargoTool(cargoMutants, onLine);
  const mutants = await listMutants(program, only);
  const { compiled, unviable, programs } = await compileAtOnce(mutants, onLine);
  if ((await tryMutant(noMutant, programs)) !== "lived")
    throw new Stop("The tests fail without a mutant: run `cargo test`.");
  /** @type {Mutant[]} */
  const results = unviable.map((it) => told(it, "not tried"));
  for (const [at, mutant] of compiled.entries()) {
    const result = told(mutant, await tryMutant(mutant.number, programs));
    if (result.outcome === "lived") onLine(`lived: ${result.file}:${result.line}: ${result.change}`);
    if (at % 25 === 24) onLine(`${at + 1} of ${compiled.length} mutants tried`);
    results.push(result);
  }
  const known = new Set([...compiled, ...unviable]);
  const rest = mutants.filter((it) => !known.has(it));
  if (rest.length > 0) onLine(`${rest.length} mutants are compiled one by one`);
  return [...results, ...(rest.length > 0 ? await tryOneByOne(program, rest, onLine) : [])];
}

/** @param {Numbered} mutant @param {Mutant["outcome"]} outcome @returns {Mutant} */
function told({ change: { file, span, name } }, outcome) {
  return { file, line: span.start.line, change: name.replace(/^[^:]+:\d+:\d+: /, ""), outcome };
}

const packages = ["ocisign", "ocisign-grammar"].flatMap((name) => ["--package", name]);

/**
 * @param {string} program @param {string[]} only files, with or without lines: `der.rs`, `der.rs:7-9`, `der.rs:7`
 * @returns {Promise<Numbered[]>}
 */
async function listMutants(program, only) {
  const wanted = only.map((it) => {
    const [file = "", lines = "1-Infinity"] = it.split(":");
    const [first, last = first] = lines.split("-").map(Number);
    return { file, first: Number(first), last: Number(last) };
  });
  const files = wanted.flatMap(({ file }) => ["--file", file]);
  const { code, stdout, output } = await finish(program, [
    "mutants",
    "--list",
    "--json",
    ...packages,
    ...files,
  ]);
  if (code !== 0) throw new Stop(`cargo mutants ended with code ${code}:\n${output.trim()}`);
  /** @type {Change[]} */
  const listed = JSON.parse(stdout);
  const isWanted = (/** @type {Change} */ { file, span: { start } }) =>
    only.length === 0 ||
    wanted.some((it) => it.file === file && it.first <= start.line && start.line <= it.last);
  const changes = listed.filter(isWanted);
  if (changes.length === 0)
    throw new Stop("cargo-mutants found nothing to change: check the path after --only.");
  return changes.map((change, at) => ({ number: at + 1, change }));
}

/**
 * Writes all mutants into a copy of the checkout, and compiles it. What does not compile is left out, until all the rest
 * does.
 *
 * @param {Numbered[]} mutants @param {OnLine} onLine
 */
async function compileAtOnce(mutants, onLine) {
  copySources(copy);
  /** @type {Set<number>} */
  const unviable = new Set();
  /** Functions that stay as they are: `file:place`. @type {Set<string>} */
  const whole = new Set();
  for (;;) {
    const arms = writeSwitches(mutants, unviable, whole);
    onLine(`compiling ${[...arms.values()].flat().filter(({ mutant }) => mutant).length} mutants at once`);
    const { errors, programs } = await compile();
    if (errors.length === 0) {
      const numbers = new Set([...arms.values()].flat().map(({ mutant }) => mutant));
      return {
        compiled: mutants.filter(({ number }) => numbers.has(number)),
        unviable: mutants.filter(({ number }) => unviable.has(number)),
        programs,
      };
    }
    const before = unviable.size + whole.size;
    for (const error of errors) leaveOut(error, arms, unviable, whole);
    if (unviable.size + whole.size === before) {
      throw new Stop(
        `The copy with all mutants does not compile:\n${errors.map((it) => it.rendered).join("\n")}`,
      );
    }
  }
}

/**
 * @param {Numbered[]} mutants @param {Set<number>} unviable @param {Set<string>} whole
 * @returns {Map<string, Arm[]>} by file
 */
function writeSwitches(mutants, unviable, whole) {
  for (const crate of ["src", "grammar/src"]) {
    const lib = readFileSync(join(root, crate, "lib.rs"), "utf8");
    writeFileSync(join(copy, crate, "lib.rs"), lib + chooser);
  }
  const files = [...new Set(mutants.map(({ change }) => change.file))];
  return new Map(
    files.map((file) => {
      const own = mutants.filter(({ number, change }) => change.file === file && !unviable.has(number));
      const source = readFileSync(join(root, file), "utf8");
      const { text, arms } = withSwitch(source, own, (functionAt) => whole.has(`${file}:${functionAt}`));
      writeFileSync(join(copy, file), file.endsWith("src/lib.rs") ? text + chooser : text);
      return [file, arms];
    }),
  );
}

/**
 * @typedef {{ file_name: string, line_start: number, is_primary: boolean, expansion: { span: Place } | null }} Place
 * @typedef {{ level: string, message: string, rendered: string, spans: Place[] }} CompilerError
 */
async function compile() {
  const args = ["test", "--no-run", "--locked", "--message-format=json", "--package=ocisign", ...cargoArgs];
  const { stdout } = await finish("cargo", args, { cwd: copy, env, background: true, quietStdout: true });
  /** @type {CompilerError[]} */
  const errors = [];
  /** @type {Map<string, string>} */
  const programs = new Map();
  for (const line of stdout.split("\n").filter((it) => it.startsWith("{"))) {
    const { reason, message, executable, target } = JSON.parse(line);
    if (reason === "compiler-message" && message.level === "error" && message.spans.length > 0)
      errors.push(message);
    if (executable) programs.set(target.kind.includes("lib") ? "lib" : target.name, executable);
  }
  return { errors, programs };
}

/**
 * @param {CompilerError} error @param {Map<string, Arm[]>} arms @param {Set<number>} unviable @param {Set<string>} whole
 */
function leaveOut({ spans, message }, arms, unviable, whole) {
  const outside = (/** @type {Place} */ place) => {
    let it = place;
    while (it.expansion) it = it.expansion.span;
    return it;
  };
  for (const { file_name: file, line_start: line } of spans.filter((it) => it.is_primary).map(outside)) {
    const arm = arms.get(file)?.find(({ first, last }) => first <= line && line <= last);
    if (arm?.mutant) unviable.add(arm.mutant);
    else if (arm) whole.add(`${file}:${arm.functionAt}`);
    else for (const it of calledInConstant(message, arms)) whole.add(it);
  }
}

/** A function that is called where a constant is computed has to stay one that can be. @param {string} message @param {Map<string, Arm[]>} arms */
function calledInConstant(message, arms) {
  const name = /^cannot call non-const .*`(?:[^`]*::)?(\w+)`/.exec(message)?.[1];
  return [...arms].flatMap(([file, all]) =>
    all.filter(({ functionName }) => functionName === name).map(({ functionAt }) => `${file}:${functionAt}`),
  );
}

/**
 * @param {number} number of the mutant that acts @param {Map<string, string>} programs
 * @returns {Promise<Mutant["outcome"]>}
 */
async function tryMutant(number, programs) {
  for (const name of tests) {
    const outcome = await runTests(programs.get(name) ?? name, { [variable]: `${number}` });
    if (outcome !== "lived") return outcome;
  }
  return "lived";
}

/** @param {string} program @param {Record<string, string>} chosen @returns {Promise<Mutant["outcome"]>} */
function runTests(program, chosen) {
  return new Promise((resolve, reject) => {
    const limits = `ulimit -t ${mostSeconds}; ulimit -v ${mostKilobytes}`;
    const child = spawn("sh", ["-c", `${limits}; exec "$0"`, program], {
      cwd: copy,
      env: { ...process.env, RUST_MIN_STACK: stack, ...chosen },
      stdio: "ignore",
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const isEndless = signal === "SIGXCPU" || signal === "SIGKILL";
      resolve(isEndless ? "timed out" : code === 0 ? "lived" : "killed");
    });
  });
}

/** @param {string} program @param {Numbered[]} mutants @param {OnLine} onLine */
async function tryOneByOne(program, mutants, onLine) {
  rmSync(folder, { recursive: true, force: true });
  const names = mutants.flatMap(({ change }) => [
    "--re",
    `^${change.name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`,
  ]);
  const args = ["mutants", ...packages, ...names, ...cargoArgs.flatMap((it) => ["-C", it])];
  // It ends with a code of its own when a mutant lived. What came of each is read from its report.
  const { code, output } = await finish(
    program,
    [...args, "--jobs", "1", "--no-shuffle", "--colors", "never", "--timeout", "120", "--output", folder],
    { env, background: true, onLine },
  );
  if (![0, 2, 3].includes(code)) throw new Stop(`cargo mutants ended with code ${code}:\n${output.trim()}`);
  // cargo-mutants tries a field that was left out whatever the names say.
  return readOutcomes(new Set(mutants.map(({ change }) => change.name)));
}

/** @type {Record<string, Mutant["outcome"]>} */
const outcomes = { CaughtMutant: "killed", MissedMutant: "lived", Timeout: "timed out" };

/** @param {Set<string>} names @returns {Mutant[]} */
function readOutcomes(names) {
  /** @type {{ outcomes: { scenario: "Baseline" | { Mutant: Change }, summary: string }[] }} */
  const report = JSON.parse(readFileSync(join(folder, "mutants.out", "outcomes.json"), "utf8"));
  return report.outcomes.flatMap(({ scenario, summary }) =>
    scenario === "Baseline" || !names.has(scenario.Mutant.name)
      ? []
      : [told({ number: 0, change: scenario.Mutant }, outcomes[summary] ?? "not tried")],
  );
}
