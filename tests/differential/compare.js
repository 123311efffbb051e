// Two read the same inputs, made by chance: ours, and a program in Go by others. Each input has a place in the run, and is
// made from the seed and that place alone: so that one of millions can be asked again, by itself.
import { randomNumbers } from "../support/random.js";
import { OtherReader } from "./other-reader.js";

/** @typedef {{ kind: string } | { problem: string }} Judgement what both came to, or a difference that no rule explains */

/**
 * @typedef {object} Run
 * @property {number} seed
 * @property {number} from the first place
 * @property {number} count
 * @property {(done: number) => void} [onProgress]
 */

/**
 * @template I, O
 * @typedef {object} Subject
 * @property {string} name as `--only` has it
 * @property {(random: (limit: number) => number) => I} make an input
 * @property {(input: I) => Uint8Array} question what the other reader is asked
 * @property {(input: I) => string} shown the input as JSON, for people
 * @property {(inputs: I[]) => O[] | Promise<O[]>} ours what we read
 * @property {(input: I, ours: O, theirs: string) => Judgement} judge
 */

const batchSize = 2000;
/** More would not tell more. */
const mostProblems = 5;

/**
 * How often both came to the same, and how often each documented difference was met.
 *
 * @template I, O
 * @param {Subject<I, O>} subject @param {string | string[]} program with its arguments @param {Run} run @param {NodeJS.ProcessEnv} [env] the program's
 * @returns {Promise<Map<string, number>>}
 */
export async function compare(subject, program, { seed, from, count, onProgress = () => {} }, env) {
  const other = new OtherReader(program, env);
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {string[]} */
  const problems = [];
  const end = from + count;
  try {
    let asked = ask(from);
    for (let place = from; place < end && problems.length < mostProblems; place += batchSize) {
      const { inputs, answers } = asked;
      // The other reads the next batch meanwhile.
      if (place + batchSize < end) asked = ask(place + batchSize);
      const ours = await subject.ours(inputs);
      const theirs = await answers;
      for (const [index, input] of inputs.entries()) {
        const judgement = subject.judge(input, /** @type {O} */ (ours[index]), theirs[index] ?? "");
        if ("kind" in judgement) counts.set(judgement.kind, (counts.get(judgement.kind) ?? 0) + 1);
        else problems.push(told(subject, input, judgement.problem, seed, place + index));
      }
      onProgress(Math.min(place + batchSize, end) - from);
    }
  } finally {
    other.close();
  }
  if (problems.length > 0) throw new Error(problems.slice(0, mostProblems).join("\n\n"));
  return counts;

  /** @param {number} first */
  function ask(first) {
    const length = Math.min(batchSize, end - first);
    const inputs = Array.from({ length }, (_, index) => subject.make(chance(seed, first + index)));
    const answers = other.ask(inputs.map(subject.question));
    // It is awaited later: until then, a failure is nobody's.
    answers.catch(() => {});
    return { inputs, answers };
  }
}

/** Of one input. @param {number} seed @param {number} place */
function chance(seed, place) {
  return randomNumbers(seed ^ Math.imul(place + 1, 0x9e3779b1));
}

/**
 * @template I, O
 * @param {Subject<I, O>} subject @param {I} input @param {string} problem @param {number} seed @param {number} place
 */
function told({ name, shown }, input, problem, seed, place) {
  const again = `npm run test:differential -- --only ${name} --seed ${seed} --from ${place} --inputs 1`;
  return `${shown(input)}\n  ${problem}\n  seed ${seed}, input ${place}: ${again}`;
}

/** As a table, the most frequent first. @param {Map<string, number>} counts */
export function tabled(counts) {
  const rows = [...counts].sort(([, one], [, other]) => other - one);
  return rows.map(([kind, count]) => `${String(count).padStart(9)}  ${kind}`).join("\n");
}
