// Fuzzes what the core and the package read: by libFuzzer what Rust reads, and by counters in the sources what TypeScript
// reads. CI replays the corpora only.
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { adoptRust, fuzzRust, replayRust, rustTargets } from "../check/fuzz-rust.js";
import { fuzzTypeScript, typeScriptTargets } from "../check/fuzz-typescript.js";
import { fuzzingSteps } from "../machine/fuzzing.js";
import { readOptions, refuse, wholeNumber } from "../machine/options.js";
import { runSteps } from "../machine/steps.js";

const options = readOptions(
  `Looks for inputs that break what the core and the package promise about all that they read.

  npm run fuzz [-- --target reference,bundle --seconds 60 --seed N]
  npm run fuzz -- --target reference --input fuzz/artifacts/reference/crash-…

  --list      names the targets
  --target    which ones, with commas between them; all when left out
  --seconds   how long each is fuzzed
  --seed      of an earlier run
  --input     runs one target of Rust on this file only, with stable Rust
  --adopt     adds to the Rust corpora the fewest files of earlier runs that pass more
  --help      this text

What breaks a target is kept in fuzz/artifacts/, and told with the command that shows it again. Rust targets need nightly
Rust and cargo-fuzz, which are installed if they are missing.`,
  {
    list: { type: "boolean" },
    target: { type: "string" },
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    input: { type: "string" },
    adopt: { type: "boolean" },
  },
);
const seconds = wholeNumber("seconds", options.seconds, 1, 1_000_000);
const seed = wholeNumber("seed", options.seed, 0, 2 ** 32 - 1);
const wanted = options.target?.split(",");
const inRust = chosen(rustTargets());
const inTypeScript = chosen(typeScriptTargets());
for (const name of wanted ?? []) {
  if (!inRust.includes(name) && !inTypeScript.includes(name)) refuse(`there is no target ${name}`);
}

if (options.list) list();
else if (options.input) await replay(options.input);
else if (options.adopt) await adopt();
else await fuzz();

/** @param {string[]} names */
function chosen(names) {
  return names.filter((name) => wanted?.includes(name) ?? true);
}

function list() {
  for (const name of inRust) console.log(`${name.padEnd(24)}Rust`);
  for (const name of inTypeScript) console.log(`${name.padEnd(24)}TypeScript`);
}

/** @param {string} input */
async function replay(input) {
  const [target, ...others] = inRust;
  if (!target || others.length || !wanted) refuse("the option --input needs one --target of Rust");
  const file = resolve(input);
  if (!existsSync(file)) refuse(`there is no file ${input}`);
  const { code, output } = await replayRust(target, file);
  if (code === 0) console.log(`${target} keeps its promises on ${input}.`);
  else console.log(output.trim());
  process.exitCode = code;
}

async function adopt() {
  const steps = inRust.map((target) => ({
    name: target,
    run: (/** @type {(line: string) => void} */ note) => adoptRust(target, note),
  }));
  const failed = await runSteps([...fuzzingSteps(), ...steps]);
  if (failed.length) process.exitCode = 1;
}

async function fuzz() {
  /** @type {string[]} */
  const told = [];
  /** @type {string[]} */
  const broken = [];
  /** @param {string} target @param {string} language @param {typeof fuzzRust} run @returns {import("../machine/steps.js").Step} */
  const step = (target, language, run) => ({
    name: `${target} (${language})`,
    run: async (note) => {
      /** @type {string[]} */
      const lines = [];
      const onLine = (/** @type {string} */ line) => {
        lines.push(line);
        note(line);
      };
      const { executions, places, crash } = await run(target, { seconds, seed, onLine });
      told.push(row(target, language, executions.toLocaleString("en"), String(places)));
      if (crash === undefined) return;
      broken.push(target);
      throw new Error(lines.slice(-3).join("\n"));
    },
  });
  console.log(`the seed is ${seed}`);
  const prepared = await runSteps(inRust.length ? fuzzingSteps() : []);
  const steps = [
    ...(prepared.length ? [] : inRust.map((target) => step(target, "Rust", fuzzRust))),
    ...inTypeScript.map((target) => step(target, "TypeScript", fuzzTypeScript)),
  ];
  const failed = await runSteps(steps, { keepGoing: true });
  console.log(["", row("target", "language", "executions", "places"), ...told].join("\n"));
  if (broken.length) console.log(`\n${broken.length} targets are broken: ${broken.join(", ")}`);
  if (prepared.length || failed.length) process.exitCode = 1;
}

/** @param {string} target @param {string} language @param {string} executions @param {string} places */
function row(target, language, executions, places) {
  return target.padEnd(24) + language.padEnd(12) + executions.padStart(14) + places.padStart(10);
}
