// Four times as much text takes about four times as many steps, whatever it is made of. Steps are counted, not timed: a
// step is a branch, a loop's turn or a call in the sources. `npm run bench -- --only hostile` measures the time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hostileTexts } from "../../bench/hostile/typescript.js";
import { settled } from "../../bench/lib/growing.js";
import { instrumentSources } from "../support/source.js";
import { Counters } from "./engine/instrument.js";

const counters = new Counters();
instrumentSources(counters.plugin);

for (const { what, make, read } of await hostileTexts()) {
  test(`steps grow with the text and no faster: ${what}`, async () => {
    const texts = [16, 64].map((kilobytes) => make(kilobytes * 1024));
    const [few = 0, many = 0] = await stepsOf(texts.map((text) => () => settled(read, text)));
    // What is done once counts, too, and so does the logarithm of a sort.
    assert.ok(many <= 5 * few + 1000, `${few} steps for 16 kB, ${many} for 64 kB`);
  });
}

test("a reader that searches again from each place is noticed", async () => {
  const square = (/** @type {number} */ size) => () => counters.hits.fill(size * size, 0, 1);
  const [few = 0, many = 0] = await stepsOf([square(16), square(64)]);
  assert.ok(many > 5 * few);
});

/** @param {readonly (() => unknown)[]} runs */
async function stepsOf(runs) {
  const steps = [];
  for (const run of runs) {
    counters.hits.fill(0);
    await run();
    steps.push(counters.hits.reduce((sum, hits) => sum + hits, 0));
  }
  return steps;
}
