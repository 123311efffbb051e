// A search in a thread of its own: one that hangs or eats all memory is ended from outside, and the input that it was
// given is still there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { randomNumbers } from "../../support/random.js";
import { instrumentSources } from "../../support/source.js";
import { Counters } from "./instrument.js";
import { search } from "./search.js";
import { faultOf, shrunk } from "./shrink.js";

/**
 * @typedef {{ target: string } & ({ input: string } | Sought)} Asked one input, or a search
 * @typedef {Asked & { shared: SharedArrayBuffer }} Given
 * @typedef {{ seconds: number, seed: number, folders: string[] }} Sought
 * @typedef {{ input: Uint8Array, why: string }} Finding
 */
/** @type {Given} */
const given = workerData;
/** How many inputs were begun, how long this one is, and then its bytes. */
const [head, bytes] = [new Int32Array(given.shared, 0, 2), new Uint8Array(given.shared, 8)];

parentPort?.postMessage({ found: await ("input" in given ? judged(given.input) : searched(given)) });

/** Of one input; no counter is in its way. @param {string} file */
async function judged(file) {
  const { judge } = await target();
  const input = readFileSync(file);
  begin(input);
  const error = await thrownBy(judge, input);
  return {
    executions: 1,
    places: 0,
    corpus: [],
    ...(error && { finding: { input, why: inWords(error.thrown) } }),
  };
}

/** @param {Sought} sought */
async function searched({ seconds, seed, folders }) {
  const counters = new Counters();
  instrumentSources(counters.plugin);
  const { judge, words = [], longest } = await target();
  for (const word of words) counters.words.add(word);
  const seeds = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => readFileSync(join(folder, name))));
  const found = await search({
    ...{ judge, seeds, counters, seconds, longest, random: randomNumbers(seed), begin },
    onProgress: (progress) => parentPort?.postMessage({ progress }),
  });
  const { finding, ...rest } = found;
  if (!finding) return rest;
  // A smaller one may hang, or eat all memory: then this one counts.
  parentPort?.postMessage({ first: { input: finding.input, why: inWords(finding.error) } });
  return { ...rest, finding: await smallest(judge, finding) };
}

/** @param {import("../targets.js").Target["judge"]} judge @param {{ input: Buffer, error: unknown }} finding */
async function smallest(judge, { input, error }) {
  const fault = faultOf(error);
  const small = await shrunk(input, async (smaller) => {
    begin(smaller);
    const other = await thrownBy(judge, smaller);
    return other !== undefined && faultOf(other.thrown) === fault;
  });
  return { input: small, why: inWords((await thrownBy(judge, small))?.thrown ?? error) };
}

/** @returns {Promise<import("../targets.js").Target>} */
function target() {
  return import(`../targets/${given.target}.js`);
}

/** @param {Buffer} input */
function begin(input) {
  bytes.set(input.subarray(0, bytes.length));
  head[1] = Math.min(input.length, bytes.length);
  Atomics.add(head, 0, 1);
}

/** @param {import("../targets.js").Target["judge"]} judge @param {Buffer} input */
async function thrownBy(judge, input) {
  try {
    await judge(input);
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

/** @param {unknown} error */
function inWords(error) {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
