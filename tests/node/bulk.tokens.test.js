// A token that expires again and again in a run, and one that the service does not accept any more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import { images, keepingService, memoryJournal, outcomesOf, product } from "../support/keeping-service.js";

test("new tokens that are refused, two and three in a row, do not end the run", async (t) => {
  const time = fakeTime(t);
  // The client itself asks for one new token; of four refusals in a row two calls fail.
  const service = keepingService({ fault: (_, count) => (count % 20 > 15 ? "401" : undefined) });
  const options = { product, journal: memoryJournal(), concurrency: 1, skip: /** @type {const} */ ([]) };
  const { error, states } = await time.until(outcomesOf(service.client().signAll(images(60), options)));
  assert.equal(error, undefined);
  assert.deepEqual(states, Array(60).fill("waiting"));
  assert.deepEqual(service.kept(), images(60).sort());
});

test("a service that accepts no token any more ends the run, after a few", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: (_, count) => (count > 10 ? "401" : undefined) });
  const options = { product, concurrency: 4, skip: /** @type {const} */ ([]) };
  const { error, states } = await time.until(outcomesOf(service.client().signAll(images(60), options)));
  assert.equal(error?.code, "unauthorized");
  assert.ok(states.length < 20, `${states}`);
  assert.ok(service.asked.length < 40, `${service.asked.length} calls`);
  assert.deepEqual(service.kept(), [...new Set(service.kept())]);
});

test("a service that never accepted a token is not asked again", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: () => "401" });
  const options = { productId: "product-1", skip: /** @type {const} */ ([]) };
  const { error } = await time.until(outcomesOf(service.client().signAll(images(60), options)));
  assert.equal(error?.code, "unauthorized");
  assert.ok(service.asked.length <= 2, `${service.asked.length} calls`);
});
