// Fuzzes what the core reads (fuzz/), by libFuzzer.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { cargoFuzz, needCargoTool } from "../machine/cargo-tools.js";
import { CommandFailed, finish, root } from "../machine/command.js";
import { nightly } from "../machine/fuzzing.js";

const room = join(root, "fuzz");
/** What a run finds beside the committed corpora. */
const found = join(room, "target", "found");
/** An input that takes longer is told as one that hangs: each has some kilobytes. */
const longestSeconds = 60;
const mostMegabytes = 1500;
/** Of an input, so much is shown. */
const mostShown = 1000;

/** These read JSON; a dictionary helps with its names. */
const jsonTargets = ["json", "product", "product_input", "profile", "signing_request", "status"];

/** The names of what can be fuzzed. @returns {string[]} */
export function rustTargets() {
  return readdirSync(join(room, "fuzz_targets"))
    .map((file) => file.replace(/\.rs$/, ""))
    .sort();
}

/** Without a sanitizer: the core has no unsafe code, and runs twice as often so. */
const withoutSanitizer = ["--sanitizer", "none"];

/**
 * @typedef {object} FuzzOutcome
 * @property {number} executions
 * @property {number} places that were passed in the program
 * @property {string} [crash] the file with the input that broke the target
 */

/**
 * @param {string} target @param {{ seconds: number, seed: number, onLine: (line: string) => void }} options
 * @returns {Promise<FuzzOutcome>}
 */
export async function fuzzRust(target, { seconds, seed, onLine }) {
  const artifacts = join(room, "artifacts", target);
  mkdirSync(artifacts, { recursive: true });
  const { code, output } = await libFuzzer(
    target,
    [working(target), committed(target)],
    [
      `-max_total_time=${seconds}`,
      `-seed=${seed}`,
      `-timeout=${longestSeconds}`,
      `-rss_limit_mb=${mostMegabytes}`,
      `-dict=${join(room, "dictionaries", jsonTargets.includes(target) ? "json.dict" : "text.dict")}`,
      "-print_final_stats=1",
      "-use_value_profile=1",
    ],
    onLine,
  );
  const executions = Number(output.match(/number_of_executed_units: (\d+)/)?.[1] ?? 0);
  const places = Number([...output.matchAll(/cov: (\d+)/g)].at(-1)?.[1] ?? 0);
  if (code === 0) return { executions, places };
  const [, file] = output.match(/Test unit written to (\S+)/) ?? [];
  if (!file) throw new CommandFailed(`cargo fuzz run ${target}`, `ended with code ${code}`, output);
  const crash = relative(root, file);
  onLine(`${target}: broken by ${crash}: ${brokenPromise(output)}`);
  onLine(`${target}: the input is ${shown(file)}`);
  onLine(`${target}: to see it again: npm run fuzz -- --target ${target} --input ${crash}`);
  return { executions, places, crash };
}

/**
 * Adds to a corpus the fewest files of earlier runs that pass places which the corpus does not pass.
 *
 * @param {string} target @param {(line: string) => void} onLine
 */
export async function adoptRust(target, onLine) {
  const options = ["-merge=1", "-use_counters=0"];
  const { code, output } = await libFuzzer(target, [committed(target), working(target)], options, onLine);
  if (code !== 0) throw new CommandFailed(`cargo fuzz run ${target}`, `ended with code ${code}`, output);
}

/** Runs a target on one file, with stable Rust: there is nothing to install. @param {string} target @param {string} input */
export async function replayRust(target, input) {
  const env = { OCISIGN_FUZZ_TARGET: target, OCISIGN_FUZZ_INPUT: input };
  const args = ["test", "--locked", "--test", "fuzzed", "the_given_input"];
  return finish("cargo", [...args, "--", "--nocapture"], { env });
}

/** Builds the target first, if it is stale. @param {string} target @param {string[]} corpora @param {string[]} options @param {(line: string) => void} onLine */
async function libFuzzer(target, corpora, options, onLine) {
  const program = await needCargoTool(cargoFuzz, onLine);
  const args = ["fuzz", "run", ...withoutSanitizer, target, ...corpora, "--", ...options];
  return finish(program, args, { env: nightly, onLine, background: true });
}

/** @param {string} target */
function committed(target) {
  return join(room, "corpus", target);
}

/** @param {string} target */
function working(target) {
  const folder = join(found, target);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** What a target said before it ended. @param {string} output */
function brokenPromise(output) {
  const [, said] = output.match(/panicked at ([\s\S]*?)(?=\nnote:|\nstack backtrace|\n==)/) ?? [];
  const [, other] = output.match(/ERROR: libFuzzer: (.*)/) ?? [];
  return (said ?? other ?? "it ended").replace(/\s+/g, " ").slice(0, mostShown);
}

/** The bytes of a file as one text, with all that is not printable written out. @param {string} file */
function shown(file) {
  const text = JSON.stringify(readFileSync(file).toString("latin1"));
  return text.replace(/[^ -~]/g, (it) => `\\x${it.charCodeAt(0).toString(16)}`).slice(0, mostShown);
}
