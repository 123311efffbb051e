// Is each image requested exactly once, whatever goes wrong, and whenever the run is killed?
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import { images, keepingService, memoryJournal, outcomesOf, product } from "../support/keeping-service.js";
import { newSeed, randomNumbers } from "../support/random.js";

/** @type {readonly import("../support/keeping-service.js").Fault[]} */
const atPost = [
  .../** @type {const} */ ([
    "reset-before",
    "reset-after",
    "502-before",
    "502-after",
    "500-after",
    "503-before",
    "429",
  ]),
  .../** @type {const} */ ([
    "429-after-5-s",
    "timeout-before",
    "timeout-after",
    "late",
    "cut",
    "html",
    "redirect",
  ]),
];
/** @type {readonly import("../support/keeping-service.js").Fault[]} */
const atGet = ["reset-before", "502-before", "503-before", "429", "timeout-before", "cut", "html"];

/** One fault in `one` calls. @param {(limit: number) => number} random @param {number} one */
function mixed(random, one) {
  return (/** @type {import("../support/keeping-service.js").Asked} */ { method }) => {
    if (random(one) > 0) return undefined;
    const faults = method === "POST" ? atPost : atGet;
    return faults[random(faults.length)];
  };
}

const options = { product, settleMs: 25_000, concurrency: 8 };

for (const one of [10, 3, 2]) {
  test(`a fault in one of ${one} calls`, async (t) => {
    const seed = newSeed();
    t.diagnostic(`seed ${seed}`);
    const time = fakeTime(t);
    const service = keepingService({ fault: mixed(randomNumbers(seed), one) });
    const client = service.client({ timeoutMs: 2000 });
    const { states, error } = await time.until(outcomesOf(client.signAll(images(150), options)));
    assert.equal(error, undefined);
    assert.deepEqual(states, Array(150).fill("waiting"));
    assert.deepEqual(service.kept(), images(150).sort());
  });
}

test("killed ten times under a mix of faults, each run goes on where the last one was", async (t) => {
  const seed = newSeed();
  t.diagnostic(`seed ${seed}`);
  const time = fakeTime(t);
  const random = randomNumbers(seed);
  const service = keepingService({ fault: mixed(random, 4) });
  const journal = memoryJournal();
  const list = images(200);
  for (let kills = 0; kills < 10; kills += 1) {
    await time.until(killedAt(service, journal, list, journal.records.length + 1 + random(30)));
  }
  const run = service.client({ timeoutMs: 2000 }).signAll(list, { ...options, journal });
  const { outcomes, error } = await time.until(outcomesOf(run));
  assert.equal(error, undefined);
  assert.equal(outcomes.length, 200);
  assert.deepEqual(service.kept(), list.sort());
});

test("killed at every record of its journal, and restarted: never two requests of an image", async (t) => {
  const time = fakeTime(t);
  const list = images(12);
  const whole = memoryJournal();
  await time.until(
    outcomesOf(
      keepingService()
        .client()
        .signAll(list, { ...options, journal: whole }),
    ),
  );
  // A head, an intent, and an outcome for each image.
  assert.equal(whole.records.length, 14);
  for (let kept = 0; kept <= whole.records.length; kept += 1) {
    const service = keepingService();
    const journal = memoryJournal();
    await time.until(killedAt(service, journal, list, kept));
    assert.equal(journal.records.length, kept);
    const restarted = service.client().signAll(list, { ...options, journal });
    const { outcomes, error } = await time.until(outcomesOf(restarted));
    assert.equal(error, undefined);
    assert.equal(outcomes.length, 12);
    assert.deepEqual(service.kept(), list.toSorted());
    assert.equal(service.posts().length, 12);
    assert.equal(outcomes.filter(({ state }) => state === "skipped").length, Math.max(0, kept - 2));
  }
});

/**
 * A run that is killed when so many records are kept: the next one is not, and no call is answered any more.
 *
 * @param {ReturnType<typeof keepingService>} service @param {ReturnType<typeof memoryJournal>} journal
 * @param {string[]} list @param {number} most
 */
async function killedAt(service, journal, list, most) {
  let kill = () => {};
  const killed = new Promise((resolve) => {
    kill = () => resolve("killed");
  });
  let isDead = false;
  const dying = {
    ...journal,
    /** @param {import("ocisign").JournalRecord} record */
    write: async (record) => {
      if (isDead || journal.records.length >= most) {
        isDead = true;
        kill();
        await new Promise(() => {});
      }
      await journal.write(record);
    },
  };
  const client = service.client({
    timeoutMs: 2000,
    fetch: (url, init) => (isDead ? new Promise(() => {}) : service.fetch(url, init)),
  });
  const run = outcomesOf(client.signAll(list, { ...options, journal: dying }));
  await Promise.race([killed, run]);
}
