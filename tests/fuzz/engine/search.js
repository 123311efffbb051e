// Looks for inputs that take new ways through the sources, and keeps them to make others of them: what AFL and libFuzzer
// do with native code. What a target throws is a finding.
import { performance } from "node:perf_hooks";
import { Mutator } from "./mutate.js";

/**
 * @typedef {(input: Buffer) => unknown} Judge throws, or gives a promise that is refused, for a finding
 *
 * @typedef {object} Search
 * @property {Judge} judge
 * @property {readonly Buffer[]} seeds
 * @property {import("./instrument.js").Counters} counters
 * @property {(limit: number) => number} random
 * @property {number} seconds
 * @property {number} [longest] of an input, in bytes
 * @property {(input: Buffer) => void} [begin] told before each run
 * @property {(progress: Progress) => void} [onProgress] told every few seconds
 *
 * @typedef {{ executions: number, features: number, places: number, kept: number }} Progress
 *
 * @typedef {Progress & { corpus: Buffer[], finding?: { input: Buffer, error: unknown } }} Found
 */

const progressMs = 10_000;

/** @param {Search} search @returns {Promise<Found>} */
export async function search({ judge, seeds, counters, random, seconds, longest = 4096, begin, onProgress }) {
  const known = new Known(counters);
  const mutator = new Mutator(random, counters.words, longest);
  let executions = 0;
  /** @param {Buffer} input */
  const run = async (input) => {
    begin?.(input);
    counters.hits.fill(0, 0, counters.count);
    const outcome = judge(input);
    // Most targets answer at once, and a turn of the loop costs more than they do.
    if (outcome instanceof Promise) await outcome;
    executions++;
    return known.add(input);
  };
  const told = () => ({ executions, ...known.told });
  const end = performance.now() + seconds * 1000;
  let next = performance.now() + progressMs;
  /** @type {Buffer} */
  let input = Buffer.of();
  try {
    for (input of seeds.length > 0 ? seeds : [Buffer.from("\n")]) await run(input);
    while (performance.now() < end) {
      for (let turn = 0; turn < 100; turn++) {
        input = mutator.mutated(known.pick(random), known.pick(random));
        await run(input);
      }
      if (performance.now() > next) {
        onProgress?.(told());
        next = performance.now() + progressMs;
      }
    }
  } catch (error) {
    return { ...told(), corpus: known.smallest, finding: { input, error } };
  }
  return { ...told(), corpus: known.smallest };
}

/** The inputs that took a new way, and the ways that are known. */
class Known {
  /** @type {{ input: Buffer, features: number[] }[]} */
  #kept = [];
  /** For each place, a bit for each number of times that is told apart. */
  #seen;
  #features = 0;
  #counters;

  /** @param {import("./instrument.js").Counters} counters */
  constructor(counters) {
    this.#counters = counters;
    this.#seen = new Uint8Array(counters.hits.length);
  }

  /** Keeps an input that has just run, if it took a new way. @param {Buffer} input */
  add(input) {
    const { hits, count } = this.#counters;
    let isNew = this.#kept.length === 0;
    for (let place = 0; place < count; place++) {
      const bit = bitOf(hits[place] ?? 0);
      const before = this.#seen[place] ?? 0;
      if ((before & bit) === bit) continue;
      this.#seen[place] = before | bit;
      this.#features++;
      isNew = true;
    }
    if (isNew) this.#kept.push({ input: Buffer.from(input), features: this.#featuresNow() });
    return isNew;
  }

  #featuresNow() {
    const { hits, count } = this.#counters;
    const features = [];
    for (let place = 0; place < count; place++) {
      const bit = bitOf(hits[place] ?? 0);
      if (bit > 0) features.push(place * 256 + bit);
    }
    return features;
  }

  /** One of those that are kept, the later ones more often. @param {(limit: number) => number} random */
  pick(random) {
    const { length } = this.#kept;
    const at = random(2) ? random(length) : length - 1 - random(Math.min(length, 20));
    return this.#kept[at]?.input ?? Buffer.of();
  }

  get told() {
    const places = this.#seen.subarray(0, this.#counters.count).filter((it) => it > 0).length;
    return { features: this.#features, places, kept: this.#kept.length };
  }

  /** The few, small inputs that pass all places together which are known. */
  get smallest() {
    const open = new Set(this.#kept.flatMap(({ features }) => features.map((it) => Math.floor(it / 256))));
    const bySize = this.#kept.toSorted((a, b) => a.input.length - b.input.length);
    /** @type {Buffer[]} */
    const chosen = [];
    while (open.size > 0) {
      let best = bySize[0];
      let most = 0;
      for (const one of bySize) {
        const gain = new Set(one.features.map((it) => Math.floor(it / 256)).filter((it) => open.has(it)))
          .size;
        if (gain > most) [best, most] = [one, gain];
      }
      if (!best || most === 0) break;
      for (const feature of best.features) open.delete(Math.floor(feature / 256));
      chosen.push(best.input);
    }
    return chosen;
  }
}

/** 1, 2, 3, up to 7, up to 15, up to 31, up to 127, and more: the bit of a number of times. @param {number} hits */
function bitOf(hits) {
  if (hits < 4) return hits === 3 ? 4 : hits;
  if (hits < 8) return 8;
  if (hits < 16) return 16;
  if (hits < 32) return 32;
  return hits < 128 ? 64 : 128;
}
