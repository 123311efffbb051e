// What is said of wrong arguments and wrong lists, and is everything copied at the door?
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError } from "ocisign";
import { fakeTime } from "../support/fake-time.js";
import {
  imageAt,
  images,
  keepingService,
  memoryJournal,
  outcomesOf,
  product,
} from "../support/keeping-service.js";

for (const [options, message] of /** @type {[any, RegExp][]} */ ([
  [undefined, /Neither product nor productId/],
  [{ productId: "" }, /Neither product nor productId/],
  [{ product, concurency: 3 }, /unknown field `concurency`/],
  [{ product: "P" }, /product is not an object/],
  [{ product, concurrency: 0 }, /concurrency is not a number above 0/],
  [{ product, concurrency: 1.5 }, /concurrency is not a whole number/],
  [{ product, concurrency: 5000 }, /concurrency is more than 1000/],
  [{ product, metadata: { Version: "1" } }, /metadata is not a list/],
  [{ product, metadata: [{ name: "Version", value: 1 }] }, /metadata\[0\]\.value/],
  [{ product, metadata: [{ name: "ocisign-batch", value: "mine" }] }, /which the run sets/],
  [{ product, metadata: [{ name: "ocisign-request", value: "mine" }] }, /which the run sets/],
  [{ product, batch: "with space" }, /batch id/],
  [{ product, skip: "verified" }, /skip is not a list/],
  [{ product, skip: ["signed"] }, /skip is not a list/],
  [{ product, keys: [] }, /keys is not a list of one/],
  [{ product, keys: ["no key"] }, /key/],
  [{ product, signal: 3 }, /signal is not an AbortSignal/],
  [{ product, onProgress: 3 }, /onProgress is not a function/],
  [{ product, journal: {} }, /journal is no journal/],
  [{ product, settleMs: -1 }, /settleMs is not a number above 0/],
  [{ product, patienceMs: "long" }, /patienceMs is not a number above 0/],
  [{ product, registry: { url: 3 } }, /registry\.url/],
  [{ product, name: 3 }, /name is not a string/],
  [{ product, description: "\u0000" }, /description/],
  [{ product, operation: "other" }, /operation/],
])) {
  test(`options: ${message.source}`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService();
    const { outcomes, error } = await time.until(outcomesOf(service.client().signAll(images(2), options)));
    assert.ok(error instanceof OcisignError, String(error));
    assert.match(error.message, message);
    assert.deepEqual([outcomes, service.posts()], [[], []]);
  });
}

for (const artifacts of /** @type {any[]} */ ([undefined, null, 3, "text", {}, () => 3])) {
  test(`no list: ${typeof artifacts} ${String(artifacts)}`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService();
    const { error } = await time.until(outcomesOf(service.client().signAll(artifacts, { product })));
    assert.equal(error.code, "bad-input");
    assert.match(error.message, /artifacts is no list of images/);
  });
}

test("nothing is sent when a line is wrong; all wrong ones are named", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const list = [
    imageAt(0),
    "registry.example/app:latest",
    imageAt(1),
    `other.example/app@sha256:${"0".repeat(64)}`,
  ];
  const { outcomes, error } = await time.until(outcomesOf(service.client().signAll(list, { product })));
  assert.equal(error.code, "bad-list");
  assert.match(error.message, /^2 of 4 images cannot be requested\. The first is at index 1: /);
  assert.match(error.fix, /keepGoing: true/);
  assert.deepEqual(
    error.wrong.map((/** @type {import("ocisign").WrongArtifact} */ one) => [
      one.index,
      one.given,
      one.error.code,
    ]),
    [
      [1, list[1], "digest-missing"],
      [3, list[3], "registry-mismatch"],
    ],
  );
  assert.deepEqual([outcomes, service.posts()], [[], []]);
});

test("keepGoing requests the others, and tells the wrong ones as failed", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const list = [imageAt(0), "nothing", imageAt(1), /** @type {any} */ (3)];
  const run = service.client().signAll(list, { product, keepGoing: true });
  const { outcomes, states, error } = await time.until(outcomesOf(run));
  assert.equal(error, undefined);
  assert.deepEqual(states, ["waiting", "failed", "waiting", "failed"]);
  assert.deepEqual([outcomes[1]?.reference, outcomes[3]?.reference], ["nothing", ""]);
});

test("what can be read only once is checked as it comes: what is requested before is told", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const list = new Set([...images(5), "nothing", ...images(9)]);
  const { error, states } = await time.until(outcomesOf(service.client().signAll(list, { product })));
  assert.equal(error.code, "bad-list");
  assert.match(error.message, /^An image cannot be requested\. The first is at index 5: /);
  assert.equal(states.length, service.requests.length);
  assert.ok(states.length <= 5);
});

test("a journal needs a list that can be read twice", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const run = service.client().signAll(new Set(images(5)), { product, journal: memoryJournal() });
  const { error } = await time.until(outcomesOf(run));
  assert.match(error.message, /a list that can be read twice/);
  assert.deepEqual(service.posts(), []);
});

for (const [what, second] of /** @type {[string, string[]][]} */ ([
  ["another image", [imageAt(0), imageAt(7), imageAt(2)]],
  ["fewer", images(2)],
  ["more", images(4)],
  ["another order", [imageAt(0), imageAt(2), imageAt(1)]],
  ["one of them twice, in the place of another", [imageAt(0), imageAt(0), imageAt(1)]],
  ["one of them only", [imageAt(0), imageAt(0), imageAt(0)]],
])) {
  test(`a function that gives another list at its second call: ${what}`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService();
    let calls = 0;
    const list = () => {
      calls += 1;
      return calls === 1 ? images(3) : second;
    };
    const { error } = await time.until(outcomesOf(service.client().signAll(list, { product })));
    assert.equal(error.code, "bad-list");
    assert.match(error.message, /another one than when it was checked/);
  });
}

test("what a source throws ends the run", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  function* broken() {
    yield* images(3);
    throw new Error("the file is gone");
  }
  const { error, states } = await time.until(outcomesOf(service.client().signAll(broken(), { product })));
  assert.equal(error.message, "the file is gone");
  assert.equal(states.length, service.requests.length);
});

test("everything is copied when it is called", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const list = images(3);
  const metadata = [{ name: "Version", value: "1" }];
  const own = structuredClone(product);
  const options = { product: own, metadata, description: "then", batch: "then" };
  const run = service.client().signAll(list, options);
  list.push(imageAt(9));
  list[0] = "nothing";
  metadata.push({ name: "Late", value: "1" });
  own.id = "product-2";
  options.description = "now";
  const { error } = await time.until(outcomesOf(run));
  assert.equal(error, undefined);
  assert.deepEqual(service.kept(), images(3));
  for (const request of /** @type {any[]} */ (service.requests)) {
    assert.equal(request.description, "then");
    assert.equal(request.productId, product.id);
    assert.equal(request.payload.metadata.length, 3);
  }
});

test("the client's own options are those of its making", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const profile = { statuses: { 1: /** @type {const} */ ("new"), 2: /** @type {const} */ ("waiting") } };
  const client = service.client({ profile });
  /** @type {any} */ (profile.statuses)[2] = "signed";
  const { states } = await time.until(outcomesOf(client.signAll(images(2), { product })));
  assert.deepEqual(states, ["waiting", "waiting"]);
});

test("nothing happens until the first step", async () => {
  const service = keepingService();
  const run = service.client().signAll(images(2), { product });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(service.asked, []);
  await run.return();
  assert.deepEqual(service.asked, []);
});
