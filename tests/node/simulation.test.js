// The laws that the simulation of bulk signing keeps: each image once, and never more than the service allows.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EventQueue } from "../../bench/simulation/event-queue.js";
import { LimitedService } from "../../bench/simulation/limited-service.js";
import { simulate } from "../../bench/simulation/simulate.js";
import { inVirtualTime } from "../../bench/simulation/virtual-time.js";
import { sized } from "../support/large.js";
import { newSeed, randomNumbers } from "../support/random.js";

test("events come in the order of their time, and of their plan at the same time", () => {
  const seed = newSeed();
  const random = randomNumbers(seed);
  const queue = new EventQueue();
  const planned = Array.from({ length: 2_000 }, (_, order) => ({ at: random(100), order }));
  /** @type {{ at: number, order: number }[]} */
  const happened = [];
  for (const it of planned) queue.plan(it.at, () => happened.push(it));
  for (let event = queue.next(); event; event = queue.next()) event.act?.();
  const wanted = [...planned].sort((a, b) => a.at - b.at || a.order - b.order);
  assert.deepEqual(happened, wanted, `OCISIGN_SEED=${seed}`);
});

test("a day of timers passes at once, one that is cleared does not fire, and the real clock is back", async () => {
  const [realNow, realTimeout, realRandom] = [performance.now, setTimeout, Math.random];
  const day = 86_400_000;
  const passed = await inVirtualTime(
    () => 0.5,
    async ({ now }) => {
      const late = setTimeout(() => assert.fail("it was cleared"), day / 2);
      await new Promise((resolve) => setTimeout(resolve, day));
      clearTimeout(late);
      assert.equal(Math.random(), 0.5);
      return now();
    },
  ).catch((error) => error);
  assert.match(String(passed), /it was cleared/, "a timer that nobody clears in time fires");
  const other = await inVirtualTime(
    () => 0.5,
    async ({ now }) => {
      clearTimeout(setTimeout(() => assert.fail("it was cleared"), day / 2));
      await new Promise((resolve) => setTimeout(resolve, day));
      return now();
    },
  );
  assert.equal(other, day);
  assert.deepEqual([performance.now, setTimeout, Math.random], [realNow, realTimeout, realRandom]);
});

test("work that waits for nothing is an error, and not an endless wait", async () => {
  const stuck = inVirtualTime(
    () => 0,
    () => new Promise(() => {}),
  );
  await assert.rejects(stuck, /nothing more happens/);
});

test("the bucket gives a burst, then the rate, and says when to come again", () => {
  const service = new LimitedService({ rate: 10, burst: 3 });
  assert.deepEqual(
    [1, 2, 3].map(() => service.ask(0)),
    [undefined, undefined, undefined],
  );
  assert.equal(service.ask(0), 1_000);
  assert.equal(service.ask(50), 1_000, "half of one is none");
  assert.equal(service.ask(100), undefined);
  assert.deepEqual([service.taken, service.refused], [4, 2]);
  const slow = new LimitedService({ rate: 0.1, burst: 1 });
  slow.ask(0);
  assert.equal(slow.ask(0), 10_000, "whole seconds, until there is one again");
});

const usual = {
  images: sized(3_000, 100_000),
  concurrency: 16,
  rate: 50,
  burst: 50,
  costs: { latencyMs: 40, refusalMs: 10, reads: 0.02 },
};

describe("with the package's own pace", () => {
  const seed = newSeed();
  for (const workers of [1, 7, 40]) {
    test(`${workers} machines: each image once, at most the rate, near it`, async () => {
      const result = await simulate({ ...usual, workers, seed });
      const told = `OCISIGN_SEED=${seed} ${JSON.stringify(result)}`;
      assert.deepEqual([result.images, result.repeated], [usual.images, 0], told);
      // One POST an image, and the reads; what a machine owes at its end is less than one read.
      const taken = result.requests - result.refused;
      const most = usual.images * (1 + usual.costs.reads);
      assert.ok(taken <= most + 1e-6 && taken > most - workers - 1e-6, `${taken} of ${most}: ${told}`);
      assert.ok(result.mostAtOnce <= usual.burst + 1e-6, told);
      assert.ok(result.utilisation > 0.8 && result.utilisation <= 1, told);
      assert.ok(result.fairness > 0.5 && result.fairness <= 1, told);
      // It cannot be faster than what the limit leaves.
      assert.ok(result.seconds >= (usual.images - usual.burst) / usual.rate, told);
    });
  }

  test("a service that saves up little for a client that waits: the laws hold", async () => {
    const result = await simulate({ ...usual, burst: 2, workers: 7, seed });
    const told = `OCISIGN_SEED=${seed} ${JSON.stringify(result)}`;
    assert.deepEqual([result.images, result.repeated], [usual.images, 0], told);
    assert.ok(result.mostAtOnce <= 2 + 1e-6 && result.utilisation <= 1, told);
  });

  test("the same seed gives the same figures", async () => {
    const one = await simulate({ ...usual, workers: 5, seed });
    assert.deepEqual(await simulate({ ...usual, workers: 5, seed }), one);
    assert.notDeepEqual(await simulate({ ...usual, workers: 5, seed: seed + 1 }), one);
  });

  test("a service with room for all refuses nothing, and one machine is limited by its own concurrency", async () => {
    const result = await simulate({ ...usual, rate: 100_000, burst: 100_000, workers: 1, seed });
    assert.equal(result.refused, 0);
    const least = (usual.images * usual.costs.latencyMs) / usual.concurrency / 1_000;
    assert.ok(
      Math.abs(result.seconds / least - 1) < 0.1,
      `${result.seconds} s, where ${least} s were expected`,
    );
  });
});
