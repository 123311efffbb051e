import { parseArgs } from "node:util";
import { setUp } from "../build/set-up.js";
import { runSteps } from "../machine/steps.js";
import { lints } from "./lints.js";
import { suites } from "./suites.js";

const groups = ["lint", ...new Set(suites.map((suite) => suite.group))];
const list = /** @type {const} */ ({ type: "string", multiple: true });
const { only, also = [] } = parseArgs({ options: { only: list, also: list } }).values;
const onRequest = new Set(suites.filter((suite) => suite.onRequest).map((suite) => suite.group));
const wanted = [...(only ?? groups.filter((group) => !onRequest.has(group))), ...also].flatMap((value) =>
  value.split(","),
);
const unknown = wanted.filter((group) => !groups.includes(group));
if (unknown.length) {
  console.error(`there is no group of tests named ${unknown.join(", ")}: choose from ${groups.join(", ")}`);
  process.exit(2);
}
const chosen = suites.filter((suite) => wanted.includes(suite.group));

headline("set-up");
const uses = (/** @type {string[]} */ ...names) => names.some((name) => wanted.includes(name));
const programs = await setUp({
  sandbox: uses(
    "rust",
    "node",
    "types",
    "cli",
    "registry",
    "interop",
    "admission",
    "packed",
    "browser",
    "examples",
  ),
  page: uses("browser"),
  tests: uses("wasm"),
});

/** @type {{ name: string, outcome: string }[]} */
const table = [];
/** @type {string[]} */
const leftOut = [];
let incomplete = false;
const total = { passed: 0, failed: 0, skipped: 0 };

if (wanted.includes("lint")) {
  headline("lints");
  const failed = await runSteps(lints, { keepGoing: true });
  total.failed += failed.length;
  table.push({ name: "lints", outcome: failed.length ? `failed: ${failed.join(", ")}` : "clean" });
}

for (const suite of chosen) {
  headline(suite.name);
  const reason = await suite.missing?.();
  if (reason) {
    console.log(reason);
    leftOut.push(`${suite.name}: ${reason}`);
    // In CI a suite that did not run is a suite that nobody will ever run.
    incomplete ||= process.env.CI === "true" && !suite.optional?.();
    table.push({ name: suite.name, outcome: "left out" });
    continue;
  }
  const started = performance.now();
  const outcome = await suite.run(programs);
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const problem = outcome.problem ? ` (${outcome.problem})` : "";
  table.push({ name: suite.name, outcome: `${counts(outcome)}${problem}, ${seconds} s` });
}

headline("summary");
const width = Math.max(...table.map((row) => row.name.length));
for (const row of table) console.log(`${row.name.padEnd(width)}  ${row.outcome}`);
if (leftOut.length) {
  console.log("\nleft out:");
  for (const line of leftOut) console.log(`- ${line}`);
}

if (total.failed > 0 || incomplete) process.exitCode = 1;
console.log(`\n${counts(total)}`);

/** @param {{ passed: number, failed: number, skipped: number }} it */
function counts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;
}

/** @param {string} text */
function headline(text) {
  console.log(`\n── ${text} ${"─".repeat(Math.max(3, 70 - text.length))}`);
}
