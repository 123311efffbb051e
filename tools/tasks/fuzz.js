// Fuzzes what the core and the package read: by libFuzzer what Rust reads, and by counters in the sources what TypeScript
// reads. CI replays the corpora only.
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setUp } from "../build/set-up.js";
import { adoptRust, fuzzRust, replayRust, rustTargets } from "../check/fuzz-rust.js";
import { fuzzTypeScript, replayTypeScript, typeScriptTargets } from "../check/fuzz-typescript.js";
import { runJobs } from "../check/pool.js";
import { fuzzingSteps } from "../machine/fuzzing.js";
import { duration, liveLine } from "../machine/live-line.js";
import { readOptions, refuse, wholeNumber } from "../machine/options.js";
import { runSteps } from "../machine/steps.js";

const options = readOptions(
  `Looks for inputs that break what the core and the package promise about all that they read.

  npm run fuzz [-- --target reference,bundle --seconds 60 --seed N --jobs 2]
  npm run fuzz -- --target reference --input FILE

  --list      names the targets, with their language
  --target    which ones, with commas between them; all when left out
  --seconds   how long each is fuzzed: 60 when left out
  --seed      of an earlier run; by chance when left out
  --jobs      how many targets are fuzzed side by side: 1 when left out
  --corpus    a folder with more inputs for one target; it gets what passes more
  --input     runs one target on this file only, with stable Rust
  --adopt     adds to the Rust corpora the fewest files of earlier runs that pass more
  --help      this text

It ends with 1 when a target is broken. It keeps the input in fuzz/artifacts/, and prints the command
that shows it again. Rust targets need nightly Rust and cargo-fuzz: it installs what is missing.`,
  {
    list: { type: "boolean" },
    target: { type: "string" },
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    jobs: { type: "string", default: "1" },
    corpus: { type: "string" },
    input: { type: "string" },
    adopt: { type: "boolean" },
  },
);
const seconds = wholeNumber("seconds", options.seconds, 1, 1_000_000);
const seed = wholeNumber("seed", options.seed, 0, 2 ** 32 - 1);
const slots = wholeNumber("jobs", options.jobs, 1, 1000);
const wanted = options.target?.split(",");
const inRust = chosen(rustTargets());
const inTypeScript = chosen(typeScriptTargets());
for (const name of wanted ?? []) {
  if (!inRust.includes(name) && !inTypeScript.includes(name)) refuse(`there is no target ${name}`);
}

if (options.list) list();
else if (options.input) await replay(options.input);
else if (options.adopt) await adopt();
else await fuzz(ownCorpus());

/** @param {string[]} names */
function chosen(names) {
  return names.filter((name) => wanted?.includes(name) ?? true);
}

function list() {
  for (const name of inRust) console.log(`${name.padEnd(24)}Rust`);
  for (const name of inTypeScript) console.log(`${name.padEnd(24)}TypeScript`);
}

/** The one target that an option is about. @param {string} option */
function onlyTarget(option) {
  const [target, ...others] = wanted ?? [];
  if (target === undefined || others.length > 0) refuse(`the option ${option} needs one --target`);
  return target;
}

/** @returns {string | undefined} */
function ownCorpus() {
  if (options.corpus === undefined) return undefined;
  onlyTarget("--corpus");
  if (!existsSync(options.corpus)) refuse(`there is no folder ${options.corpus}`);
  return resolve(options.corpus);
}

/** @param {string} input */
async function replay(input) {
  const target = onlyTarget("--input");
  const file = resolve(input);
  if (!existsSync(file)) refuse(`there is no file ${input}`);
  const replayed = inRust.includes(target) ? replayRust : replayTypeScript;
  if (inTypeScript.includes(target)) await setUp({});
  const broken = await replayed(target, file);
  console.log(broken ?? `${target} keeps its promises on ${input}.`);
  if (broken !== undefined) process.exitCode = 1;
}

async function adopt() {
  const steps = inRust.map((target) => ({
    name: target,
    run: (/** @type {(line: string) => void} */ note) => adoptRust(target, note),
  }));
  const failed = await runSteps([...fuzzingSteps(), ...steps]);
  if (failed.length) process.exitCode = 1;
}

/** @param {string | undefined} own */
async function fuzz(own) {
  console.log(`the seed is ${seed}`);
  const unprepared = await runSteps(inRust.length ? fuzzingSteps() : []);
  if (inTypeScript.length) await setUp({});
  const rows = [row("target", "language", "executions", "places")];
  const now = liveLine(going, going);
  /** What each target does now. @type {Map<string, string>} */
  const notes = new Map();
  /** @type {string[]} */
  const broken = [];
  /** @param {string} target @param {string} language @param {typeof fuzzRust} run @returns {import("../check/pool.js").Job} */
  const job = (target, language, run) => ({
    name: target,
    run: async () => {
      const onLine = (/** @type {string} */ line) => notes.set(target, line);
      const found = await run(target, { seconds, seed, own, onLine });
      rows.push(row(target, language, found.executions.toLocaleString("en"), String(found.places)));
      return { passed: 1, skipped: 0, failed: found.broken === undefined ? 0 : 1, output: found.broken };
    },
  });
  const jobs = [
    ...(unprepared.length ? [] : inRust.map((target) => job(target, "Rust", fuzzRust))),
    ...inTypeScript.map((target) => job(target, "TypeScript", fuzzTypeScript)),
  ];
  await runJobs(jobs, {
    slots,
    onStart: ({ name }) => notes.set(name, ""),
    onEnd({ name }, { failed, output }, ms) {
      notes.delete(name);
      if (failed) broken.push(name);
      now.print(`${name} … ${duration(ms)}${failed ? `\n\n${output?.trim()}\n` : ""}`);
    },
  });
  now.end();
  console.log(`\n${rows.join("\n")}`);
  if (broken.length) console.log(`\nbroken, with the seed ${seed}: ${broken.join(", ")}`);
  if (unprepared.length || broken.length) process.exitCode = 1;

  function going() {
    return [...notes].map(([target, note]) => `${target}: ${note || "begun"}`).join(" | ");
  }
}

/** @param {string} target @param {string} language @param {string} executions @param {string} places */
function row(target, language, executions, places) {
  return target.padEnd(24) + language.padEnd(12) + executions.padStart(14) + places.padStart(10);
}
