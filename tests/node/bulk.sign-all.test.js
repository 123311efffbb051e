// What comes of many images when all goes well?
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import {
  imageAt,
  images,
  keepingService,
  outcomesOf,
  product,
  registry,
} from "../support/keeping-service.js";

test("each image is requested once, with one read of the product and one list", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const run = service.client().signAll(images(40), { productId: product.id, description: "tonight" });
  const { outcomes, error, states } = await time.until(outcomesOf(run));
  assert.equal(error, undefined);
  assert.deepEqual(states, Array(40).fill("waiting"));
  assert.deepEqual(service.kept(), images(40).sort());
  assert.equal(service.count("GET", "^products/"), 1);
  assert.equal(service.count("GET", "^imagesignings$"), 1);
  assert.equal(service.asked.length, 42);
  assert.deepEqual(
    outcomes.map(({ index, reference }) => [index, reference]),
    images(40).map((image, index) => [index, image]),
  );
});

test("each request names its batch and its own key", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const metadata = [{ name: "Version", value: "1" }];
  const run = service.client().signAll(images(3), { product, metadata, batch: "night-7" });
  await time.until(outcomesOf(run));
  const named = service.requests.map(({ payload }) => /** @type {any} */ (payload).metadata);
  for (const [own, batch, request] of named) {
    assert.deepEqual(own, metadata[0]);
    assert.deepEqual(batch, { name: "ocisign-batch", value: "night-7" });
    assert.match(request.value, /^night-7\/[0-9a-f]{16}$/);
  }
  assert.equal(new Set(named.map(([, , request]) => request.value)).size, 3);
});

test("an image that stands twice in the list is requested once", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const list = [imageAt(1), `${registry}/team/app-1:tag@${imageAt(1).split("@")[1]}`, imageAt(2), imageAt(1)];
  const { states, outcomes } = await time.until(outcomesOf(service.client().signAll(list, { product })));
  assert.deepEqual(states, ["waiting", "skipped", "waiting", "skipped"]);
  assert.deepEqual(
    outcomes.flatMap((one) => (one.state === "skipped" ? [one.why] : [])),
    ["repeated", "repeated"],
  );
  assert.equal(service.posts().length, 2);
});

test("a request that waits already is taken up, and a rerun makes no duplicate", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  await time.until(outcomesOf(service.client().signAll(images(10), { product })));
  const { outcomes, states } = await time.until(
    outcomesOf(service.client().signAll(images(12), { product })),
  );
  assert.deepEqual(states, Array(12).fill("waiting"));
  assert.equal(outcomes.filter((one) => one.state === "waiting" && one.takenUp).length, 10);
  assert.equal(service.posts().length, 12);
});

for (const [what, change] of /** @type {[string, object][]} */ ([
  ["is rejected", { status: 32 }],
  ["has a code that the profile does not explain", { status: 5 }],
  ["is of another product", { productId: "product-2" }],
  ["is of another operation", { idProductOperation: "operation-2" }],
])) {
  test(`a request that ${what} is not taken up`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService();
    await time.until(outcomesOf(service.client().signAll(images(1), { product })));
    Object.assign(/** @type {object} */ (service.requests[0]), change);
    const { outcomes } = await time.until(outcomesOf(service.client().signAll(images(1), { product })));
    assert.equal(outcomes[0]?.state === "waiting" && outcomes[0].takenUp, undefined);
    assert.equal(service.posts().length, 2);
  });
}

test("a short list: what waits is read one by one, and taken up", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ isShort: true });
  await time.until(outcomesOf(service.client().signAll(images(3), { product })));
  const { outcomes } = await time.until(outcomesOf(service.client().signAll(images(3), { product })));
  assert.equal(outcomes.filter((one) => one.state === "waiting" && one.takenUp).length, 3);
  assert.equal(service.posts().length, 3);
});

test("no more calls go on at a time than are allowed", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  let [now, most] = [0, 0];
  const inner = /** @type {import("ocisign").Fetch} */ (
    async (url, init) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
      return service.fetch(url, init);
    }
  );
  const limited = service.client({ fetch: inner });
  await time.until(outcomesOf(limited.signAll(images(30), { product, concurrency: 5 })));
  assert.equal(most, 5);
});

test("progress tells how far it is", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  /** @type {import("ocisign").BulkProgress[]} */
  const told = [];
  const onProgress = (/** @type {import("ocisign").BulkProgress} */ progress) => told.push(progress);
  await time.until(outcomesOf(service.client().signAll([...images(3), imageAt(0)], { product, onProgress })));
  assert.deepEqual(told.at(-1), { total: 4, done: 4, counts: { waiting: 3, skipped: 1 } });
  assert.equal(told.length, 4);
});

test("lists of every kind: a set, a generator, an asynchronous one, a function", async (t) => {
  const time = fakeTime(t);
  async function* later() {
    yield* images(3);
  }
  for (const list of [
    new Set(images(3)),
    images(3).values(),
    later(),
    () => images(3),
    async () => later(),
  ]) {
    const service = keepingService();
    const { states, error } = await time.until(outcomesOf(service.client().signAll(list, { product })));
    assert.equal(error, undefined);
    assert.deepEqual(states, Array(3).fill("waiting"));
  }
});

test("an empty list is no error, and nothing is posted", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const { outcomes, error } = await time.until(outcomesOf(service.client().signAll([], { product })));
  assert.deepEqual([outcomes, error, service.posts()], [[], undefined, []]);
});

test("a product that may not be read does not stop a run by ids, and is asked for once", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: ({ path }) => (path.startsWith("products") ? "403" : undefined) });
  const ids = { productId: product.id, operationId: "operation-1" };
  const { outcomes, error } = await time.until(outcomesOf(service.client().signAll(images(5), ids)));
  assert.equal(error, undefined);
  assert.deepEqual(service.kept(), images(5).sort());
  assert.equal(service.count("GET", "^products"), 1);
  const first = /** @type {any} */ (outcomes[0]);
  assert.equal(first.signing.unchecked.code, "forbidden");
  assert.equal(first.signing.productId, product.id);
  const without = await time.until(
    outcomesOf(service.client().signAll(images(1), { productId: product.id })),
  );
  assert.equal(without.error.code, "forbidden");
  assert.match(without.error.fix, /operationId/);
});
