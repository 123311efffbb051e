// Fuzzes what reads foreign bytes in TypeScript (tests/fuzz). Coverage comes from counters in the sources; jazzer.js, whose
// addon needs a newer C library than the systems that this project is built on have, could not be used.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Worker } from "node:worker_threads";
import { root } from "../machine/command.js";

const room = join(root, "tests", "fuzz");
/** A run that takes longer hangs: each has some kilobytes to read. */
const longestMs = 30_000;
const largestInput = 1024 * 1024;

/** The names of what can be fuzzed. @returns {string[]} */
export function typeScriptTargets() {
  return readdirSync(join(room, "targets"))
    .map((file) => file.replace(/\.js$/, ""))
    .sort();
}

/**
 * @typedef {object} FuzzOutcome
 * @property {number} executions
 * @property {number} places that were passed in the sources
 * @property {string} [crash] the file with the input that broke the target
 *
 * @typedef {object} FuzzOptions
 * @property {number} seconds for which it looks
 * @property {number} seed of what is made by chance
 * @property {(line: string) => void} onLine is told what goes on
 * @property {string} [keep] a folder for the few inputs that pass all places together
 *
 * @typedef {{ executions: number, places: number, features: number, corpus: Uint8Array[], finding?: { input: Uint8Array, why: string } }} Found
 */

/** Fuzzes one target. @param {string} target @param {FuzzOptions} options @returns {Promise<FuzzOutcome>} */
export async function fuzzTypeScript(target, { seconds, seed, onLine, keep }) {
  onLine(`${target}: ${seconds} s with the seed ${seed}`);
  const folders = [join(room, "corpus", target), ...(keep ? [keep] : [])];
  const { executions, places, features, corpus, finding } = await searched(
    { target, seconds, seed, folders },
    onLine,
  );
  onLine(`${target}: ${executions} executions, ${places} places of the sources passed, ${features} features`);
  if (keep) keepAll(keep, corpus);
  if (!finding) return { executions, places };
  const crash = relative(root, keepOne(join(root, "fuzz", "artifacts", target), finding.input));
  onLine(`${target}: broken by ${crash}: ${finding.why}`);
  onLine(`${target}: to see it again: node tests/fuzz/replay.js ${target} ${crash}`);
  return { executions, places, crash };
}

/**
 * @param {Omit<import("../../tests/fuzz/engine/worker.js").Given, "shared">} given @param {(line: string) => void} onLine
 * @returns {Promise<Found>}
 */
function searched(given, onLine) {
  const shared = new SharedArrayBuffer(8 + largestInput);
  const [head, bytes] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
  const worker = new Worker(join(room, "engine", "worker.js"), {
    workerData: { ...given, shared },
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  let last = { executions: 0, places: 0, features: 0 };
  const broken = (/** @type {string} */ why) => {
    const [executions = 0, length = 0] = head;
    return { ...last, executions, corpus: [], finding: { input: bytes.slice(0, length), why } };
  };
  return new Promise((resolve, reject) => {
    let seen = 0;
    const watch = setInterval(() => {
      const begun = head[0] ?? 0;
      // The sources are bundled before the first input.
      if (begun > 0 && begun === seen) end(broken(`it did not answer within ${longestMs / 1000} s`));
      seen = begun;
    }, longestMs);
    const end = (/** @type {Found} */ found) => {
      clearInterval(watch);
      worker.terminate();
      resolve(found);
    };
    worker.on("message", ({ progress, found }) => {
      if (found) return end(found);
      last = progress;
      onLine(`${given.target}: ${progress.executions} executions, ${progress.places} places`);
    });
    worker.on("error", (error) => {
      if ((head[0] ?? 0) > 0) return end(broken(String(error)));
      clearInterval(watch);
      reject(error);
    });
  });
}

/** @param {string} folder @param {readonly Uint8Array[]} inputs */
function keepAll(folder, inputs) {
  for (const input of inputs) keepOne(folder, input);
}

/** @param {string} folder @param {Uint8Array} input */
function keepOne(folder, input) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, createHash("sha256").update(input).digest("hex").slice(0, 16));
  writeFileSync(file, input);
  return file;
}
