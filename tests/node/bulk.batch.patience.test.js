// For how long does a decision about a batch wait: in an outage, for a rest that the service asks for, after a lost answer?
import assert from "node:assert/strict";
import { test } from "node:test";
import { approveBatch, readBatch, rejectBatch } from "ocisign";
import { all, batchService, requestOf } from "../support/batch-service.js";
import { fakeTime } from "../support/fake-time.js";
import { newSeed, randomNumbers } from "../support/random.js";

const batch = (/** @type {number} */ count) => Array.from({ length: count }, (_, n) => requestOf(n + 1));
const lost = () => {
  throw new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });
};

/** @typedef {Partial<import("ocisign").ApproveBatchOptions>} Given */

/**
 * Approves in a service that answers so once the batch was shown.
 *
 * @param {import("node:test").TestContext} t
 * @param {NonNullable<NonNullable<Parameters<typeof batchService>[1]>["act"]>} answer
 * @param {Given} [given]
 * @param {Partial<import("ocisign").ClientOptions>} [clientOptions]
 */
async function approving(t, answer, given, clientOptions) {
  const time = fakeTime(t);
  let isShown = false;
  const service = batchService(
    batch(6),
    { act: (asked) => (isShown ? answer(asked) : undefined) },
    // As a client is by itself: with four tries of each call.
    { retry: {}, ...clientOptions },
  );
  const progress = () => service.asked.length;
  const shown = await time.until(readBatch(service.client, { batch: "nightly" }), progress);
  isShown = true;
  service.asked.length = 0;
  const began = time.now();
  const work = all(approveBatch(service.client, shown, { confirm: shown.words, ...given }));
  const outcomes = await time.until(work, progress);
  return { ...service, shown, outcomes, ms: time.now() - began };
}

for (const [status, rest, patienceMs] of [
  [503, "20", 1000],
  [503, "3600", 900_000],
  [429, "20", 1000],
  [429, "86400", 900_000],
  [502, "1000000000", 60_000],
]) {
  test(`HTTP ${status} that asks for a rest of ${rest} s, with a patience of ${patienceMs} ms: nobody waits for it`, async (t) => {
    const { outcomes, ms, posts } = await approving(
      t,
      ({ method }) =>
        method === "GET"
          ? new Response("{}", { status: Number(status), headers: { "retry-after": String(rest) } })
          : undefined,
      { patienceMs: Number(patienceMs), concurrency: 2 },
    );
    assert.deepEqual(
      outcomes.map(({ state }) => state),
      Array(6).fill("notTried"),
    );
    const code = status === 429 ? "rate-limited" : "server-error";
    for (const { error } of outcomes) assert.equal(error?.code, code);
    assert.equal(posts().length, 0);
    assert.ok(ms < 100, `it took ${ms} ms`);
  });
}

for (const [what, answer] of /** @type {[string, () => Response | never][]} */ ([
  ["HTTP 503", () => new Response("{}", { status: 503 })],
  ["429 without a word", () => new Response("{}", { status: 429 })],
  ["connections that break", lost],
  ["a stranger's page", () => new Response("<html>")],
])) {
  for (const patienceMs of [2000, 30_000, 400_000]) {
    test(`an outage with ${what} ends after ${patienceMs} ms, and not much later`, async (t) => {
      const { outcomes, ms, posts } = await approving(t, answer, { patienceMs });
      assert.deepEqual(
        outcomes.map(({ state }) => state),
        Array(6).fill("notTried"),
      );
      assert.equal(posts().length, 0);
      assert.ok(Math.round(ms) >= patienceMs && ms < patienceMs * 1.05 + 10, `it took ${ms} ms`);
    });
  }
}

test("a rest that fits into the patience is waited for, and ends well", async (t) => {
  let left = 3;
  const { outcomes, ms, posts } = await approving(
    t,
    () => {
      left -= 1;
      return left >= 0 ? new Response("{}", { status: 503, headers: { "retry-after": "100" } }) : undefined;
    },
    { patienceMs: 400_000, concurrency: 1 },
  );
  assert.ok(outcomes.every(({ state }) => state === "approved"));
  assert.equal(posts().length, 6);
  assert.ok(ms >= 300_000 && ms < 310_000, `it took ${ms} ms`);
});

test("after a lost answer the request is read for as long as a call of this client may take", async (t) => {
  for (const [
    timeoutMs,
    settleMs,
    expected,
  ] of /** @type {[number | undefined, number | undefined, number][]} */ ([
    [undefined, undefined, 30_000],
    [120_000, undefined, 120_000],
    [2000, undefined, 2000],
    [120_000, 7000, 7000],
  ])) {
    await t.test(`timeoutMs ${timeoutMs}, settleMs ${settleMs}`, async (t) => {
      const { outcomes, ms, posts } = await approving(
        t,
        ({ method, path }) => (method === "POST" && path.includes("000001/") ? lost() : undefined),
        { by: { objectId: "me" }, settleMs },
        { timeoutMs },
      );
      assert.deepEqual(outcomes.map(({ state }) => state).sort(), [...Array(5).fill("approved"), "doubtful"]);
      assert.equal(posts().length, 6);
      assert.ok(ms >= expected && ms < expected + 500, `it took ${ms} ms`);
    });
  }
});

test("a call that is under way when patience ends is waited for, and its answer is told", async (t) => {
  const time = fakeTime(t);
  let isShown = false;
  const service = batchService(batch(2), {
    act: async ({ method, path }) => {
      if (!isShown) return undefined;
      if (method === "POST") await new Promise((resolve) => setTimeout(resolve, 6000));
      return path.includes("000002") ? new Response("{}", { status: 503 }) : undefined;
    },
  });
  const progress = () => service.asked.length;
  const shown = await time.until(readBatch(service.client, { batch: "nightly" }), progress);
  isShown = true;
  const work = all(approveBatch(service.client, shown, { confirm: shown.words, patienceMs: 3000 }));
  const outcomes = await time.until(work, progress);
  const states = Object.fromEntries(outcomes.map(({ id, state }) => [Number(id.slice(-3)), state]));
  assert.deepEqual(states, { 1: "approved", 2: "notTried" });
});

test("a token is asked for once, for reading and for deciding", async () => {
  let asked = 0;
  const service = batchService(
    batch(3),
    {},
    {
      token: () => {
        asked += 1;
        return "the-token";
      },
    },
  );
  const shown = await readBatch(service.client, { batch: "nightly" });
  await all(rejectBatch(service.client, shown, { confirm: shown.words, comment: "no" }));
  assert.equal(asked, 1);
});

test("connections that break and spoilt replies do not slow down a batch: they say nothing of the load", async (t) => {
  const seed = newSeed();
  console.log(`seed ${seed}`);
  const time = fakeTime(t);
  const random = randomNumbers(seed);
  let isShown = false;
  const service = batchService(batch(300), {
    act: ({ method, id = "" }) => {
      if (!isShown || random(10) > 0) return undefined;
      // The service takes it, and the answer is lost.
      if (method === "POST") service.approve(id, "me");
      return random(2) === 0 ? lost() : new Response('{"id":"0000');
    },
  });
  const progress = () => service.asked.length;
  const shown = await time.until(readBatch(service.client, { batch: "nightly" }), progress);
  isShown = true;
  const began = time.now();
  const by = { objectId: "me" };
  const work = all(approveBatch(service.client, shown, { confirm: shown.words, by }));
  const outcomes = await time.until(work, progress);
  assert.ok(
    outcomes.every(({ state }) => state === "approved"),
    JSON.stringify(outcomes.filter(({ state }) => state !== "approved").slice(0, 3)),
  );
  assert.equal(service.posts().length, 300);
  // A tenth of three calls each fails, and rests for less than a second: four at a time.
  assert.ok(time.now() - began < 90_000, `it took ${time.now() - began} ms`);
});

for (const [what, answer] of /** @type {[string, () => Response | never][]} */ ([
  ["HTTP 502", () => new Response("{}", { status: 502 })],
  ["connections that break", lost],
  ["a stranger's page", () => new Response("<html>")],
  ["429", () => new Response("{}", { status: 429 })],
])) {
  for (const place of ["imagesignings", `imagesignings/${requestOf(2).id}`, "products/p"]) {
    test(`reading ${place} goes through an outage with ${what}`, async (t) => {
      const time = fakeTime(t);
      const from = time.now();
      let isOut = false;
      const service = batchService(batch(6), {
        act: ({ path }) => {
          // A stranger who answers first may be at a wrong address: the service was seen before.
          if (path === place && service.asked.length > 1) isOut = true;
          return isOut && time.now() < from + 40_000 ? answer() : undefined;
        },
      });
      if (place === "imagesignings" && what.startsWith("a stranger")) return;
      if (place === "imagesignings") isOut = true;
      /** @type {string[]} */
      const told = [];
      const onOutage = (/** @type {{ code: string }} */ { code }) => void told.push(code);
      const options = { patienceMs: 120_000, onOutage };
      const reading = readBatch(service.client, { batch: "nightly" }, options);
      const shown = await time.until(reading, () => service.asked.length);
      assert.deepEqual([shown.requests.length, shown.unread.length], [6, 0]);
      assert.ok(shown.requests.every(({ refusals }) => refusals.length === 0));
      if (what !== "429") assert.equal(told.length, 1);
    });
  }
}

test("an outage that lasts longer than patienceMs ends the reading, and not much later", async (t) => {
  for (const patienceMs of [5000, 300_000]) {
    const time = fakeTime(t);
    const service = batchService(batch(40), {
      act: ({ path }) => (path === "imagesignings" ? undefined : new Response("{}", { status: 503 })),
    });
    const began = time.now();
    const reading = readBatch(service.client, { batch: "nightly" }, { patienceMs });
    const work = reading.catch((error) => error);
    const error = await time.until(work, () => service.asked.length);
    assert.equal(error.code, "server-error");
    const ms = time.now() - began;
    // Whoever rests between two tries does so for half a minute at the most.
    assert.ok(ms >= patienceMs && ms < patienceMs + 61_000, `it took ${ms} ms`);
    assert.ok(service.asked.length < 200, `${service.asked.length}`);
  }
});

test("a product that fails alone is given up soon; what can be read is shown", async (t) => {
  const time = fakeTime(t);
  const service = batchService(batch(3), {
    act: ({ path }) => (path.startsWith("products/") ? new Response("{}", { status: 500 }) : undefined),
  });
  const began = time.now();
  const reading = readBatch(service.client, { batch: "nightly" }, { patienceMs: 900_000 });
  const shown = await time.until(reading, () => service.asked.length);
  assert.deepEqual(
    shown.requests.map(({ refusals: [first] }) => [first?.refusal, first?.error.code]),
    Array(3).fill(["product-unread", "server-error"]),
  );
  assert.ok(time.now() - began < 30_000, `it took ${time.now() - began} ms`);
});

test("of a service that refuses a token now and then, all is read; of one that refuses every token, nothing", async (t) => {
  const time = fakeTime(t);
  let calls = 0;
  const service = batchService(batch(20), {
    act: ({ path }) => {
      if (path.startsWith("imagesignings?") || path === "imagesignings") return undefined;
      calls += 1;
      return calls % 3 === 2 ? new Response("{}", { status: 401 }) : undefined;
    },
  });
  const shown = await time.until(readBatch(service.client, { batch: "nightly" }), () => service.asked.length);
  assert.equal(shown.requests.length, 20);
  assert.deepEqual(shown.unread, []);

  const refusing = batchService(batch(20), { act: () => new Response("{}", { status: 401 }) });
  const reading = readBatch(refusing.client, { batch: "nightly" });
  await assert.rejects(
    time.until(reading, () => refusing.asked.length),
    { code: "unauthorized" },
  );
  assert.ok(refusing.asked.length < 5, `${refusing.asked.length} requests`);
});
