// Asks the package and a second judge of many cases: `npm test -- --only judge` asks of fewer.
import { randomInt } from "node:crypto";
import { buildSecondJudge } from "../build/second-judge.js";
import { setUp } from "../build/set-up.js";
import { readOptions, refuse, wholeNumber } from "../machine/options.js";

const largest = 2 ** 32 - 1;
const columns = ["verified", "invalid", "unsigned", "unreachable", "refused"];

const options = readOptions(
  `Makes cases of signatures, most of them changed in some way, and compares the package's verdicts with those of a judge
that was written apart (docs/second-judge.md). It ends with code 1 where they differ, and prints the case.

  npm run test:judge [-- --mutations 10000 --seed N --first N --case N --notice]

  --mutations  cases to make
  --seed       of an earlier run, to make its cases once more
  --first      the number of the first case: a long run can go on where another one ended
  --case       only the one case of this number, with both verdicts
  --notice     breaks the package's rules on purpose, one at a time, and tells after how many cases each is noticed
  --help       this text`,
  {
    mutations: { type: "string", default: "10000" },
    seed: { type: "string" },
    first: { type: "string", default: "0" },
    case: { type: "string" },
    notice: { type: "boolean" },
  },
);
const mutations = wholeNumber("mutations", options.mutations, 1, 100_000_000);
const seed = options.seed === undefined ? randomInt(2 ** 32) : wholeNumber("seed", options.seed, 0, largest);
const first = wholeNumber("first", options.first, 0, largest);
const only = options.case === undefined ? undefined : wholeNumber("case", options.case, 0, largest);
if (only !== undefined && options.seed === undefined) refuse("the option --case needs --seed");

try {
  await setUp({ sandbox: true });
  const program = await buildSecondJudge();
  console.log(`seed ${seed}`);
  if (options.notice) await tellNotices(program);
  else if (only === undefined) await tellComparison(program);
  else await tellOne(program, only);
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}

/** @param {string} program */
async function tellComparison(program) {
  // Only now: the package may just have been built.
  const { compare, told } = await import("../../tests/support/judging/compare.js");
  const library = await import("ocisign");
  const started = performance.now();
  let next = 0;
  const onProgress = (/** @type {number} */ done) => {
    if (done < next) return;
    next = done + Math.max(1_000, Math.floor(mutations / 100));
    console.log(`${done} cases, ${Math.round((performance.now() - started) / 1000)} s`);
  };
  const asked = { program, library, seed, mutations, first, onProgress };
  const { cases, differences, states } = await compare(asked);
  for (const one of differences) console.log(`\n${told(one, seed)}`);
  console.log(`\n${table(states)}\n\n${cases} cases of seed ${seed}, ${differences.length} differences`);
  if (differences.length > 0) process.exitCode = 1;
}

/** How often each verdict came, by what was changed, in Markdown. @param {Map<string, Map<string, number>>} states */
function table(states) {
  const row = (/** @type {string} */ name, /** @type {Map<string, number>} */ counts) =>
    `| ${name} | ${columns.map((state) => counts.get(state) ?? 0).join(" | ")} |`;
  const rows = [...states].sort(([a], [b]) => a.localeCompare(b)).map(([name, counts]) => row(name, counts));
  const sums = new Map(columns.map((state) => [state, sumOf(states, state)]));
  return [
    `| What was changed | ${columns.join(" | ")} |`,
    "|---|---|---|---|---|---|",
    ...rows,
    row("all", sums),
  ].join("\n");
}

/** @param {Map<string, Map<string, number>>} states @param {string} state */
function sumOf(states, state) {
  return [...states.values()].reduce((sum, counts) => sum + (counts.get(state) ?? 0), 0);
}

/** @param {string} program @param {number} number */
async function tellOne(program, number) {
  const { askBoth, told } = await import("../../tests/support/judging/compare.js");
  const library = await import("ocisign");
  const { isSame, ...both } = await askBoth({ program, library, seed, number });
  console.log(`${told(both, seed, { whole: true })}\n\n${isSame ? "They agree." : "They differ."}`);
  if (!isSame) process.exitCode = 1;
}

/** @param {string} program */
async function tellNotices(program) {
  const { compare } = await import("../../tests/support/judging/compare.js");
  const { brokenLibrary, sabotages } = await import("../../tests/support/judging/sabotages.js");
  for (const sabotage of sabotages) {
    const library = await brokenLibrary(sabotage);
    const { cases, differences } = await compare({ program, library, seed, mutations, first, most: 1 });
    const isNoticed = differences.length > 0;
    if (!isNoticed) process.exitCode = 1;
    console.log(
      `${isNoticed ? `noticed after ${cases} cases` : `not noticed in ${cases} cases`}: ${sabotage.rule}`,
    );
  }
}
