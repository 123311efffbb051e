// Chance that can be repeated: a test prints its seed, and takes it back from OCISIGN_SEED.
import { randomInt } from "node:crypto";

export function newSeed() {
  return Number(process.env.OCISIGN_SEED ?? randomInt(2 ** 32));
}

/** Whole numbers from 0 up to, not including, a limit (mulberry32). @param {number} seed */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** What foreign JSON is broken with: its own marks, white space, odd names, odd encodings. */
const scraps = [
  ...'{}[],:"\\ \n\t09=+/',
  "\ufeff",
  "\r\n",
  "null",
  "[]",
  "\\u0061",
  "\\ud800",
  '"__proto__":1,',
];

/** The bytes with one to three changes; now and then none of them matters. @param {Uint8Array} bytes @param {(limit: number) => number} random */
export function mutated(bytes, random) {
  let result = Buffer.from(bytes);
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const [from, length] = [random(result.length + 1), random(random(2) ? 4 : 200)];
    const [before, cut, after] = [
      result.subarray(0, from),
      result.subarray(from, from + length),
      result.subarray(from + length),
    ];
    const scrap = Buffer.from(scraps[random(scraps.length)]);
    const flipped = Buffer.from(result);
    if (from < flipped.length) flipped[from] ^= 1 << random(8);
    result = [
      () => flipped,
      () => Buffer.concat([before, after]),
      () => Buffer.concat([before, cut, cut, after]),
      () => Buffer.concat([before, scrap, cut, after]),
      () => Buffer.concat([before, scrap, after]),
    ][random(5)]();
  }
  return result;
}
