// What does a run do whose requests may not carry metadata of its own?
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import {
  imageAt,
  images,
  keepingService,
  memoryJournal,
  outcomesOf,
  product,
} from "../support/keeping-service.js";

const mark = false;

test("requests carry the caller's metadata, and nothing else", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const metadata = [{ name: "Version", value: "1.2" }];
  await time.until(outcomesOf(service.client().signAll(images(2), { product, metadata, mark })));
  const sent = service.requests.map((one) => /** @type {any} */ (one).payload.metadata);
  assert.deepEqual(sent, [metadata, metadata]);
});

for (const fault of /** @type {const} */ (["reset-before", "reset-after", "timeout-after"])) {
  test(`${fault}: the doubt is told, whatever the list shows, and nothing is posted again`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService({ fault: ({ image }) => (image === imageAt(1) ? fault : undefined) });
    const run = service.client().signAll(images(3), { product, mark, settleMs: 0 });
    const { outcomes, states, error } = await time.until(outcomesOf(run));
    assert.equal(error, undefined);
    assert.deepEqual(states, ["waiting", "doubtful", "waiting"]);
    const { taken, message } = /** @type {any} */ (outcomes[1]).error;
    assert.equal(taken, "maybe");
    assert.match(message, /carry no key, so no search can settle it\. It began with: Requesting/);
    assert.equal(service.posts().length, 3);
  });
}

test("after a kill, what a journal does not tell the end of is in doubt", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ status: 16 });
  const journal = memoryJournal();
  await time.until(outcomesOf(service.client().signAll(images(3), { product, journal, mark })));
  const killed = memoryJournal(
    journal.records.filter((record) => record.kind !== "outcome" || record.index !== 1),
  );
  for (let run = 0; run < 2; run += 1) {
    const again = service.client().signAll(images(3), { product, journal: killed, mark, settleMs: 0 });
    const { outcomes, states, error } = await time.until(outcomesOf(again));
    assert.equal(error, undefined);
    assert.deepEqual(states, ["skipped", "doubtful", "skipped"]);
    assert.equal(/** @type {any} */ (outcomes[1]).error.code, "in-doubt");
    assert.equal(service.posts().length, 3);
  }
});

for (const [first, then] of [
  [false, undefined],
  [undefined, false],
]) {
  test(`a journal of a run with mark: ${first} is refused with mark: ${then}`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService();
    const journal = memoryJournal();
    await time.until(outcomesOf(service.client().signAll(images(3), { product, journal, mark: first })));
    const again = service.client().signAll(images(3), { product, journal, mark: then });
    const { error } = await time.until(outcomesOf(again));
    assert.equal(error.code, "bad-journal");
    assert.match(error.message, /the marks of the requests differ\. Nothing was requested\./);
  });
}

test("a batch id cannot be given to requests that carry none", async () => {
  const service = keepingService();
  const { error } = await outcomesOf(service.client().signAll(images(1), { product, mark, batch: "b" }));
  assert.deepEqual([error.code, service.asked], ["bad-input", []]);
});
