// What do outages, limits and refusals do to a run?
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import { imageAt, images, keepingService, outcomesOf, product } from "../support/keeping-service.js";

const minute = 60_000;

test("an outage of ten minutes: nothing fails, and few calls are wasted", async (t) => {
  const time = fakeTime(t);
  const from = time.now();
  const service = keepingService({
    fault: (_, count) => (count > 40 && time.now() - from < 10 * minute ? "503-before" : undefined),
  });
  const { states, error } = await time.until(outcomesOf(service.client().signAll(images(300), { product })));
  assert.equal(error, undefined);
  assert.deepEqual(states, Array(300).fill("waiting"));
  assert.deepEqual(service.kept(), images(300).sort());
  // Only what was under way when it began was posted twice.
  assert.ok(service.posts().length <= 300 + 16);
  assert.ok(service.asked.length < 300 + 16 + 80);
});

test("an outage that outlasts patienceMs ends the run; what was under way is told", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: (_, count) => (count > 40 ? "reset-before" : undefined) });
  const run = service.client().signAll(images(300), { product, patienceMs: 2 * minute });
  const { outcomes, error, states } = await time.until(outcomesOf(run));
  assert.equal(error.code, "network");
  assert.equal(
    error.message.replace(/: .*: no/, ": …: no"),
    "The outage has lasted too long: …: no answer: read ECONNRESET.",
  );
  assert.match(error.fix, /^Start again when the service answers/);
  const requested = states.filter((state) => state === "waiting").length;
  assert.equal(requested, service.requests.length);
  assert.ok(requested >= 38);
  const doubtful = outcomes.filter(({ state }) => state === "doubtful");
  assert.equal(doubtful.length, outcomes.length - requested);
  assert.ok(doubtful.length <= 16);
  assert.ok(service.posts().length <= requested + 16);
});

test("a service that is not there from the start", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: () => "reset-before" });
  const run = service.client().signAll(images(3), { productId: product.id, patienceMs: minute });
  const { outcomes, error } = await time.until(outcomesOf(run));
  assert.deepEqual([outcomes, error.code, service.posts()], [[], "network", []]);
});

test("at an address where another one answers, four looks are enough", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: () => "html" });
  const { outcomes, error } = await time.until(
    outcomesOf(service.client().signAll(images(3), { productId: product.id })),
  );
  assert.deepEqual([outcomes, error.code, service.asked.length], [[], "not-json", 4]);
});

test("429 is obeyed for ever: each image is requested once", async (t) => {
  const time = fakeTime(t);
  const from = time.now();
  let taken = 0;
  // Twenty a minute.
  const service = keepingService({
    fault: ({ method }) => {
      if (method === "GET") return undefined;
      if (taken >= 20 * (1 + (time.now() - from) / minute)) return "429";
      taken += 1;
      return undefined;
    },
  });
  const { states, error } = await time.until(outcomesOf(service.client().signAll(images(500), { product })));
  assert.equal(error, undefined);
  assert.deepEqual(states, Array(500).fill("waiting"));
  assert.equal(service.requests.length, 500);
  assert.ok(time.now() - from >= 20 * minute);
  // About two refusals for each that was taken.
  assert.ok(service.posts().length < 1700, `${service.posts().length} posts`);
});

test("nothing is asked for as long as Retry-After says", async (t) => {
  const time = fakeTime(t);
  /** @type {number | undefined} */
  let refused;
  /** @type {number[]} */
  const after = [];
  const service = keepingService({
    fault: ({ method }) => {
      if (method === "GET") return undefined;
      if (refused === undefined) {
        refused = time.now();
        return "429-after-5-s";
      }
      after.push(time.now() - refused);
      return undefined;
    },
  });
  const run = service.client().signAll(images(5), { product, concurrency: 1 });
  const { states } = await time.until(outcomesOf(run));
  assert.deepEqual(states, Array(5).fill("waiting"));
  assert.ok(Math.min(...after) >= 5000);
});

for (const fault of /** @type {const} */ (["400", "404", "409", "403"])) {
  test(`${fault} of one image says nothing about the others`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService({ fault: ({ image }) => (image === imageAt(1) ? fault : undefined) });
    const { outcomes, states, error } = await time.until(
      outcomesOf(service.client().signAll(images(20), { product })),
    );
    assert.equal(error, undefined);
    assert.equal(states[1], "failed");
    assert.equal(states.filter((state) => state === "waiting").length, 19);
    assert.match(/** @type {any} */ (outcomes[1]).error.message, new RegExp(`HTTP ${fault}`));
    assert.equal(service.posts().length, 20);
  });
}

test("a token that is not accepted ends the run", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: ({ method }) => (method === "POST" ? "401" : undefined) });
  const { outcomes, error, states } = await time.until(
    outcomesOf(service.client().signAll(images(300), { product })),
  );
  assert.equal(error.code, "unauthorized");
  assert.deepEqual(new Set(states), new Set(["failed"]));
  assert.ok(outcomes.length <= 16);
  assert.ok(service.posts().length <= 16);
});

test("who may request nothing at all is refused sixteen times, and not ten thousand times", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: ({ method }) => (method === "POST" ? "403" : undefined) });
  const run = service.client().signAll(images(300), { product, concurrency: 4 });
  const { outcomes, error } = await time.until(outcomesOf(run));
  assert.equal(error.code, "forbidden");
  assert.ok(outcomes.length >= 16 && outcomes.length < 20);
});

test("a token that expires in the middle is replaced", async (t) => {
  const time = fakeTime(t);
  let valid = "first";
  let asked = 0;
  const service = keepingService();
  const client = service.client({
    token: () => {
      asked += 1;
      return valid;
    },
    fetch: async (url, init) => {
      if (service.requests.length === 30) valid = "second";
      const authorization = new Headers(init.headers).get("authorization");
      if (authorization === `Bearer ${valid}`) return service.fetch(url, init);
      return { status: 401, headers: new Headers(), text: async () => "{}" };
    },
  });
  const { states, error } = await time.until(outcomesOf(client.signAll(images(100), { product })));
  assert.equal(error, undefined);
  assert.deepEqual(states, Array(100).fill("waiting"));
  assert.equal(asked, 2);
});

test("an image that the service cannot take fails alone, after patienceMs", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: ({ image }) => (image === imageAt(1) ? "500-before" : undefined) });
  const run = service.client().signAll(images(50), { product, patienceMs: 5 * minute });
  const { outcomes, states, error } = await time.until(outcomesOf(run));
  assert.equal(error, undefined);
  assert.equal(states.filter((state) => state === "waiting").length, 49);
  const failed = /** @type {import("ocisign").FailedItem} */ (outcomes[1]);
  assert.equal(failed.state, "failed");
  assert.equal(failed.error.taken, "no");
  assert.match(failed.error.message, /HTTP 500.* A search shows that the service has no request of it\.$/);
});
