// Fuzzes what reads foreign bytes in TypeScript (tests/fuzz). Coverage comes from counters in the sources; jazzer.js, whose
// addon needs a newer C library than the systems that this project is built on have, could not be used.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { root } from "../machine/command.js";
import { finding as findingOf } from "./fuzz-finding.js";

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
 * @typedef {object} FuzzOptions
 * @property {number} seconds for which it looks
 * @property {number} seed of what is made by chance
 * @property {string} [own] a folder with more to begin with, where the few inputs are kept that pass all places together
 * @property {(line: string) => void} onLine is told what goes on
 *
 * @typedef {object} FuzzOutcome
 * @property {number} executions
 * @property {number} places that were passed in the sources
 * @property {string} [broken] what a person is told of the input that broke the target
 *
 * @typedef {import("../../tests/fuzz/engine/worker.js").Finding} Finding
 * @typedef {{ executions: number, places: number, corpus: Uint8Array[], finding?: Finding }} Found
 */

/** Fuzzes one target. @param {string} target @param {FuzzOptions} options @returns {Promise<FuzzOutcome>} */
export async function fuzzTypeScript(target, { seconds, seed, own, onLine }) {
  const folders = [join(room, "corpus", target), ...(own ? [own] : [])];
  const { corpus, finding, ...counted } = await begun({ target, seconds, seed, folders }, onLine);
  if (own) for (const input of corpus) keep(own, input);
  if (!finding) return counted;
  const file = keep(join(root, "fuzz", "artifacts", target), finding.input);
  return { ...counted, broken: findingOf(target, file, finding.why) };
}

/**
 * Gives a target one input again.
 *
 * @param {string} target @param {string} file @returns {Promise<string | undefined>} what broke, if something did
 */
export async function replayTypeScript(target, file) {
  const { finding } = await begun({ target, input: file }, () => {});
  return finding && findingOf(target, file, finding.why);
}

/**
 * @param {import("../../tests/fuzz/engine/worker.js").Asked} asked @param {(line: string) => void} onLine
 * @returns {Promise<Found>}
 */
function begun(asked, onLine) {
  const shared = new SharedArrayBuffer(8 + largestInput);
  const [head, bytes] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
  const worker = new Worker(join(room, "engine", "worker.js"), {
    workerData: { ...asked, shared },
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  let last = { executions: 0, places: 0 };
  /** @type {Finding | undefined} */
  let first;
  const broken = (/** @type {string} */ why) => {
    const [executions = 0, length = 0] = head;
    return { ...last, executions, corpus: [], finding: first ?? { input: bytes.slice(0, length), why } };
  };
  return new Promise((resolve, reject) => {
    let seen = 0;
    const watch = setInterval(() => {
      const now = head[0] ?? 0;
      // The sources are bundled before the first input.
      if (now > 0 && now === seen) end(broken(`it did not answer within ${longestMs / 1000} s`));
      seen = now;
    }, longestMs);
    const end = (/** @type {Found} */ found) => {
      clearInterval(watch);
      worker.terminate();
      resolve(found);
    };
    worker.on("message", ({ progress, first: given, found }) => {
      if (found) return end(found);
      if (given) {
        first = given;
        return;
      }
      last = progress;
      onLine(`${progress.executions} executions, ${progress.places} places`);
    });
    worker.on("error", (error) => {
      if ((head[0] ?? 0) > 0) return end(broken(String(error)));
      clearInterval(watch);
      reject(error);
    });
  });
}

/** @param {string} folder @param {Uint8Array} input */
function keep(folder, input) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, createHash("sha256").update(input).digest("hex").slice(0, 16));
  writeFileSync(file, input);
  return file;
}
