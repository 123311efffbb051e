// Measures contenders side by side: in each round every one of them runs once, in turn, so that whatever else the
// machine does meanwhile meets all alike. Only ratios of one round are compared.
import { Bench } from "tinybench";

/**
 * @typedef {object} Contender it has `run` or `measure`
 * @property {string} name
 * @property {() => unknown} [run] does the work once; it is timed
 * @property {number} [items] how many things one run does; default 1
 * @property {() => Promise<number> | number} [measure] does the work, and says itself what it took, an item
 *
 * @typedef {object} Timing of one contender
 * @property {string} name
 * @property {number[]} values what it took an item, by round: nanoseconds, or what the case's unit is
 *
 * @typedef {{ rounds: number, ms: number }} Patience rounds, and how long a contender runs in each
 */

/** @param {readonly Contender[]} contenders @param {Patience} patience @returns {Promise<Timing[]>} */
export async function sideBySide(contenders, { rounds, ms }) {
  const timings = contenders.map(({ name }) => ({ name, values: /** @type {number[]} */ ([]) }));
  // The first round is not counted: it compiles.
  for (let round = 0; round <= rounds; round += 1) {
    for (const at of inTurn(contenders.length, round)) {
      const contender = contenders[at];
      if (!contender) continue;
      const value = contender.measure ? await contender.measure() : await timed(contender, ms);
      if (round > 0) timings[at]?.values.push(value);
    }
  }
  return timings;
}

/** Forwards and backwards by turns, so that nobody always runs after the same one. @param {number} count @param {number} round */
function inTurn(count, round) {
  const order = Array.from({ length: count }, (_, at) => at);
  return round % 2 ? order.reverse() : order;
}

/** Who returns promises, as one run has shown. @type {WeakMap<Contender, boolean>} */
const promising = new WeakMap();

/** @param {Contender} contender @param {number} ms */
async function timed(contender, ms) {
  const { name, run, items = 1 } = contender;
  if (!run) throw new Error(`${name} has nothing to run`);
  const bench = new Bench({ time: ms, iterations: 1, warmup: false, throws: true });
  // Left to itself, tinybench finds it out by a run that it does not wait for, beside the one that it times.
  bench.add(name, run, { async: promising.get(contender) ?? (await isPromising(contender, run)) });
  const [task] = await bench.run();
  const result = task?.result;
  if (!result || !("latency" in result)) throw new Error(`${name} was not measured`);
  return (result.latency.p50 * 1e6) / items;
}

/** @param {Contender} contender @param {() => unknown} run */
async function isPromising(contender, run) {
  const returned = run();
  const is = returned instanceof Promise;
  promising.set(contender, is);
  await returned;
  return is;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/**
 * How many times as fast the first is as the second: the median of the rounds' ratios, and their extremes.
 *
 * @param {Timing} first @param {Timing} second
 */
export function ratio(first, second) {
  const ratios = first.values.map((value, round) => (second.values[round] ?? Number.NaN) / value);
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}
