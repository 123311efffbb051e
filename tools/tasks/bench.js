// Everything that README and docs say of speed. The bench itself is in bench/; this prepares what it is measured beside.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setUp } from "../build/set-up.js";
import { buildWhenStale } from "../build/stamp.js";
import { cargoBuild } from "../machine/cargo.js";
import { root, which } from "../machine/command.js";
import { goProgram, goTools, needGoTool } from "../machine/go.js";
import { runNpm } from "../machine/npm.js";
import { readOptions, refuse, wholeNumber } from "../machine/options.js";

const room = join(root, "bench");
const names = readdirSync(join(room, "topics")).map((file) => file.replace(/\.js$/, ""));

const usage = `Measures the package beside others, in one run.

  npm run bench [-- --only references,scan --rounds 5 --ms 200 --json FILE --plot]

  --only    topics, joined by commas: ${names.join(", ")}
  --rounds  how often each contender runs, in turn with the others
  --ms      how long it runs in each round, in milliseconds
  --json    where the figures are written, too
  --plot    draws them for the README, into docs/bench-light.svg and docs/bench-dark.svg
  --drawn   draws the figures of an earlier run, and measures nothing
  --help    this text

Ratios are the result: how many times as fast as the other. Times differ from machine to machine.`;

const options = readOptions(usage, {
  only: { type: "string", default: names.join(",") },
  rounds: { type: "string", default: "5" },
  ms: { type: "string", default: "200" },
  json: { type: "string", default: join(root, "target", "bench.json") },
  plot: { type: "boolean" },
  drawn: { type: "boolean" },
});
const topics = options.only.split(",");
for (const name of topics) if (!names.includes(name)) refuse(`there is no topic ${name}`);
const rounds = wholeNumber("rounds", options.rounds, 1, 1000);
const ms = wholeNumber("ms", options.ms, 1, 60_000);

const { sandbox } = await setUp({ sandbox: true, page: true });
await buildWhenStale(join(room, "node_modules", ".ocisign-stamp"), {
  extraInputs: [join(room, "package-lock.json")],
  build: async () => {
    await runNpm(["ci", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: room });
    return { inputs: [], outputs: [] };
  },
});
if (!options.drawn) {
  const { bench } = await import("../../bench/run.js");
  const programs = { sandbox: async () => String(sandbox), fastSandbox, cosign, crane };
  await bench({ topics, rounds, ms, json: options.json }, programs);
}
if (options.plot || options.drawn) {
  const { plot } = await import("../../bench/plot.js");
  await plot(options.json, (scheme) => join(root, "docs", `bench-${scheme}.svg`));
}

async function fastSandbox() {
  const built = await cargoBuild(["--release", "-p", "ocisign-sandbox"], {});
  return built.program("ocisign-sandbox");
}

function cosign() {
  return goTool("cosign-v3");
}

function crane() {
  return goTool("crane");
}

/** @param {string} name */
async function goTool(name) {
  if (!which("go")) return undefined;
  for (const tool of goTools) if (tool.name === name) await needGoTool(tool);
  return goProgram(name);
}
