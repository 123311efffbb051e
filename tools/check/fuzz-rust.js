// Fuzzes what the core reads (fuzz/), by libFuzzer.
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cargoFuzz, needCargoTool } from "../machine/cargo-tools.js";
import { CommandFailed, finish, root } from "../machine/command.js";
import { nightly } from "../machine/fuzzing.js";
import { finding } from "./fuzz-finding.js";

const room = join(root, "fuzz");
/** What a run finds beside the committed corpora. */
const found = join(room, "target", "found");
/** An input that takes longer is told as one that hangs: each has some kilobytes. */
const longestSeconds = 60;
const mostMegabytes = 1500;
/** Of what a target said, so much is told. */
const mostTold = 1000;

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

/** @typedef {import("./fuzz-typescript.js").FuzzOptions} FuzzOptions @typedef {import("./fuzz-typescript.js").FuzzOutcome} FuzzOutcome */

/** @param {string} target @param {FuzzOptions} options @returns {Promise<FuzzOutcome>} */
export async function fuzzRust(target, { seconds, seed, own, onLine }) {
  mkdirSync(join(room, "artifacts", target), { recursive: true });
  const { code, output } = await libFuzzer(
    target,
    // libFuzzer keeps in the first what passes more.
    [own ?? working(target), committed(target)],
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
  return { executions, places, broken: finding(target, file, brokenPromise(output)) };
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

/**
 * Gives a target one input again, with stable Rust: there is nothing to install.
 *
 * @param {string} target @param {string} file @returns {Promise<string | undefined>} what broke, if something did
 */
export async function replayRust(target, file) {
  const env = { OCISIGN_FUZZ_TARGET: target, OCISIGN_FUZZ_INPUT: file };
  const args = ["test", "--locked", "--test", "fuzzed", "the_given_input"];
  const command = ["cargo", ...args].join(" ");
  const compiled = await finish("cargo", [...args, "--no-run"]);
  if (compiled.code !== 0)
    throw new CommandFailed(command, `ended with code ${compiled.code}`, compiled.output);
  const { code, output } = await finish("cargo", [...args, "--", "--nocapture"], { env });
  if (code === 0) return undefined;
  // A test that is ended by a signal does not come to its last words.
  const told = output.includes(" is broken by ") ? [] : [finding(target, file, brokenPromise(output))];
  return [output.trim(), ...told].join("\n\n");
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
  const deep = / has overflowed its stack/.test(output) ? "its stack overflowed" : undefined;
  const [memory] = output.match(/memory allocation of \d+ bytes failed/) ?? [];
  return (said ?? deep ?? memory ?? other ?? "it ended").replace(/\s+/g, " ").slice(0, mostTold);
}
