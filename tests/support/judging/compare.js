// Asks both of many cases, and tells where they do not agree.
import { makeCase, worldOf } from "./cases.js";
import { askOurs } from "./ours.js";
import { lineOf, SecondJudge } from "./second-judge.js";

/**
 * @typedef {import("./cases.js").Case} Case
 * @typedef {import("./ours.js").Library} Library
 * @typedef {import("./ours.js").Verdict} Verdict
 *
 * @typedef {object} Asked
 * @property {number} number of the case
 * @property {Verdict | { error: unknown }} ours
 * @property {Verdict} theirs
 * @property {string} line the case as the second judge reads it
 *
 * @typedef {object} Comparison
 * @property {number} cases
 * @property {Asked[]} differences
 * @property {Map<string, Map<string, number>>} states how often each, by what was changed
 */

/** So many cases are under way at once. */
const atOnce = 16;

/**
 * @param {object} asked
 * @param {string} asked.program the second judge
 * @param {Library} asked.library ours
 * @param {number} asked.seed
 * @param {number} asked.mutations
 * @param {number} [asked.first] the number of the first case
 * @param {number} [asked.most] it ends after so many differences
 * @param {(done: number) => void} [asked.onProgress]
 * @returns {Promise<Comparison>}
 */
export async function compare({ program, library, seed, mutations, first = 0, most = 5, onProgress }) {
  const world = worldOf(seed);
  const judge = new SecondJudge(program);
  /** @type {Asked[]} */
  const differences = [];
  /** @type {Map<string, Map<string, number>>} */
  const states = new Map();
  let [next, done] = [0, 0];
  const work = async () => {
    while (next < mutations && differences.length < most) {
      const number = first + next++;
      const one = makeCase(world, number);
      const { ours, theirs } = await ask(judge, library, one);
      if (!isSame(ours, theirs)) differences.push({ number, ours, theirs, line: lineOf(one) });
      const counts = states.get(one.change) ?? new Map();
      states.set(one.change, counts.set(theirs.state, (counts.get(theirs.state) ?? 0) + 1));
      done++;
      onProgress?.(done);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    judge.close();
  }
  return { cases: done, differences, states };
}

/**
 * The one case of a number.
 *
 * @param {{ program: string, library: Library, seed: number, number: number }} asked
 */
export async function askBoth({ program, library, seed, number }) {
  const judge = new SecondJudge(program);
  try {
    const one = makeCase(worldOf(seed), number);
    const both = await ask(judge, library, one);
    return { number, ...both, line: lineOf(one), isSame: isSame(both.ours, both.theirs) };
  } finally {
    judge.close();
  }
}

/** @param {SecondJudge} judge @param {Library} library @param {Case} one */
async function ask(judge, library, one) {
  const [ours, theirs] = await Promise.all([
    askOurs(library, one).catch((/** @type {unknown} */ error) => ({ error })),
    judge.ask(one),
  ]);
  return { ours, theirs };
}

/** The same verdict, by the same keys. @param {Asked["ours"]} ours @param {Verdict} theirs */
function isSame(ours, theirs) {
  return "state" in ours && ours.state === theirs.state && ours.keys.join() === theirs.keys.join();
}

/**
 * For a person. The command makes the case again, so that its text stands only where it is asked for.
 *
 * @param {Asked} asked @param {number} seed @param {{ whole?: boolean }} [how]
 */
export function told({ number, ours, theirs, line }, seed, { whole = false } = {}) {
  return [
    `Case ${number} of seed ${seed}:`,
    `  the package:      ${"error" in ours ? stackOf(ours.error) : JSON.stringify(ours)}`,
    `  the second judge: ${JSON.stringify(theirs)}`,
    ...(whole ? [`  the case:         ${line}`] : []),
    `  once more:        npm run test:judge -- --seed ${seed} --case ${number}`,
  ].join("\n");
}

/** @param {unknown} error */
function stackOf(error) {
  return error instanceof Error ? error.stack : String(error);
}
