// A search in a thread of its own: one that hangs or eats all memory is ended from outside, and the input that it was
// given is still there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { randomNumbers } from "../../support/random.js";
import { instrumentSources } from "../../support/source.js";
import { Counters } from "./instrument.js";
import { search } from "./search.js";

/** @typedef {{ target: string, seconds: number, seed: number, folders: string[], shared: SharedArrayBuffer }} Given */
/** @type {Given} */
const { target, seconds, seed, folders, shared } = workerData;
/** How many inputs were begun, how long this one is, and then its bytes. */
const [head, bytes] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];

const counters = new Counters();
instrumentSources(counters.plugin);
/** @type {import("../targets.js").Target} */
const { judge, words = [], longest } = await import(`../targets/${target}.js`);
for (const word of words) counters.words.add(word);

const seeds = folders
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => readFileSync(join(folder, name))));
const found = await search({
  ...{ judge, seeds, counters, seconds, longest, random: randomNumbers(seed) },
  begin(input) {
    bytes.set(input.subarray(0, bytes.length));
    head[1] = input.length;
    Atomics.add(head, 0, 1);
  },
  onProgress: (progress) => parentPort?.postMessage({ progress }),
});
const { finding, ...rest } = found;
const error = finding?.error;
const why = error instanceof Error ? (error.stack ?? String(error)) : String(error);
parentPort?.postMessage({ found: { ...rest, ...(finding && { finding: { input: finding.input, why } }) } });
