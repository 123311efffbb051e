// What happens when the outcome of a POST is unknown?
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import { imageAt, images, keepingService, outcomesOf, product } from "../support/keeping-service.js";

/** A fault at the POST of one image, the first time. @param {import("../support/keeping-service.js").Fault} fault */
function firstPostFails(fault) {
  let isOver = false;
  return (/** @type {import("../support/keeping-service.js").Asked} */ { image }) => {
    if (image !== imageAt(1) || isOver) return undefined;
    isOver = true;
    return fault;
  };
}

for (const fault of /** @type {const} */ ([
  "reset-after",
  "502-after",
  "500-after",
  "timeout-after",
  "cut",
  "html",
])) {
  test(`${fault}: it was taken, so it is found and not posted again`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService({ fault: firstPostFails(fault) });
    const { states, error } = await time.until(outcomesOf(service.client().signAll(images(3), { product })));
    assert.equal(error, undefined);
    assert.deepEqual(states, Array(3).fill("waiting"));
    assert.deepEqual(service.kept(), images(3).sort());
    assert.equal(service.posts().length, 3);
  });
}

for (const fault of /** @type {const} */ (["reset-before", "502-before", "503-before", "timeout-before"])) {
  test(`${fault}: it was not taken, so it is posted again once settleMs is over`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService({ fault: firstPostFails(fault) });
    const before = time.now();
    const run = service.client().signAll(images(3), { product, settleMs: 45_000 });
    const { states, error } = await time.until(outcomesOf(run));
    assert.equal(error, undefined);
    assert.deepEqual(states, Array(3).fill("waiting"));
    assert.deepEqual(service.kept(), images(3).sort());
    assert.equal(service.posts().length, 4);
    assert.ok(time.now() - before > 45_000);
  });
}

test("a POST that takes effect while it is looked for is found, and not posted again", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("late") });
  const client = service.client({ timeoutMs: 1000 });
  const { states } = await time.until(outcomesOf(client.signAll(images(3), { product, settleMs: 25_000 })));
  assert.deepEqual(states, Array(3).fill("waiting"));
  assert.equal(service.posts().length, 3);
});

test("by default it settles as long as a call may take", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-before") });
  const before = time.now();
  const client = service.client({ timeoutMs: 70_000 });
  await time.until(outcomesOf(client.signAll(images(2), { product })));
  assert.ok(time.now() - before > 70_000);
  assert.ok(time.now() - before < 110_000);
});

test("many doubts share one search", async (t) => {
  const time = fakeTime(t);
  const seen = new Set();
  const service = keepingService({
    fault: ({ image }) => {
      if (!image || seen.has(image)) return undefined;
      seen.add(image);
      return seen.size % 2 === 0 ? "502-after" : undefined;
    },
  });
  const { states } = await time.until(outcomesOf(service.client().signAll(images(200), { product })));
  assert.deepEqual(states, Array(200).fill("waiting"));
  assert.equal(service.posts().length, 200);
  // One at the start, and a few for a hundred doubts.
  assert.ok(service.count("GET", "^imagesignings$") < 12);
});

test("lists in pages are searched to their end", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-after"), perPage: 2 });
  const { states } = await time.until(outcomesOf(service.client().signAll(images(9), { product })));
  assert.deepEqual(states, Array(9).fill("waiting"));
  assert.equal(service.posts().length, 9);
});

test("what a list shows without metadata is read one by one, and once", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-before"), isShort: true });
  const { states } = await time.until(outcomesOf(service.client().signAll(images(9), { product })));
  assert.deepEqual(states, Array(9).fill("waiting"));
  assert.equal(service.posts().length, 10);
  // The run knows the ids of what was accepted.
  assert.equal(service.count("GET", "^imagesignings/"), 0);
});

test("a short list: a request without a reply is found by reading it", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-after"), isShort: true });
  const { states } = await time.until(outcomesOf(service.client().signAll(images(9), { product })));
  assert.deepEqual(states, Array(9).fill("waiting"));
  assert.equal(service.posts().length, 9);
  assert.equal(service.count("GET", "^imagesignings/"), 1);
});

test("a list that leaves metadata out is no proof: what could be the request is read alone", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-after"), isBare: true });
  const { states } = await time.until(outcomesOf(service.client().signAll(images(9), { product })));
  assert.deepEqual(states, Array(9).fill("waiting"));
  assert.equal(service.posts().length, 9);
  assert.equal(service.count("GET", "^imagesignings/"), 1);
});

test("a request of the same image by another person is none of the run's", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ status: 32 });
  await service.client().requestSigning({ product, artifact: imageAt(1) });
  service.settings.fault = firstPostFails("reset-before");
  const run = service.client().signAll(images(3), { product, skip: [] });
  const { states } = await time.until(outcomesOf(run));
  assert.deepEqual(states, Array(3).fill("rejected"));
  assert.equal(service.requests.length, 4);
});

test("an element that cannot be read could be the request: the doubt is told", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-before"), unreadable: [{ status: 2 }] });
  const { outcomes, states } = await time.until(outcomesOf(service.client().signAll(images(3), { product })));
  assert.deepEqual(states, ["waiting", "doubtful", "waiting"]);
  const { error } = /** @type {import("ocisign").DoubtfulItem} */ (outcomes[1]);
  assert.equal(error.taken, "maybe");
  assert.equal(
    error.message,
    `Whether the service has a request of ${imageAt(1)} is not known. A search did not settle it: an element of the list of requests cannot be read. It began with: Requesting the signature: no answer: read ECONNRESET.`,
  );
  assert.equal(service.posts().length, 3);
});

test("a service that keeps no metadata cannot be searched: the doubt is told", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-after"), keepsNoMetadata: true });
  const { outcomes, states } = await time.until(outcomesOf(service.client().signAll(images(3), { product })));
  assert.deepEqual(states, ["waiting", "doubtful", "waiting"]);
  assert.match(/** @type {any} */ (outcomes[1]).error.message, /may not keep metadata/);
  assert.equal(service.posts().length, 3);
});

test("a service that keeps no metadata, and shows no request of the image, has none", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-before"), keepsNoMetadata: true });
  const { states } = await time.until(outcomesOf(service.client().signAll(images(3), { product })));
  assert.deepEqual(states, Array(3).fill("waiting"));
  assert.deepEqual(service.kept(), images(3).sort());
});

test("who may not list is told the doubt", async (t) => {
  const time = fakeTime(t);
  const post = firstPostFails("reset-after");
  const service = keepingService({
    fault: (asked) => (asked.method === "GET" && asked.path === "imagesignings" ? "403" : post(asked)),
  });
  const { outcomes, states, error } = await time.until(
    outcomesOf(service.client().signAll(images(3), { product })),
  );
  assert.equal(error, undefined);
  assert.deepEqual(states, ["waiting", "doubtful", "waiting"]);
  assert.match(
    /** @type {any} */ (outcomes[1]).error.message,
    /The list of requests could not be read\. .*HTTP 403/,
  );
  assert.equal(service.posts().length, 3);
});

test("a request with the same key from before the run is taken up, and a doubt does not come up", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ status: 32 });
  await time.until(outcomesOf(service.client().signAll(images(2), { product, batch: "again" })));
  service.settings.fault = firstPostFails("reset-before");
  const run = service.client().signAll(images(2), { product, batch: "again", skip: [] });
  const { states } = await time.until(outcomesOf(run));
  assert.deepEqual(states, Array(2).fill("skipped"));
  assert.equal(service.requests.length, 2);
});

for (const [what, other] of /** @type {const} */ ([
  ["product", { productId: "product-2" }],
  ["operation", { idProductOperation: "operation-2" }],
]))
  test(`a request of another ${what} that carries the same key is none of the run's`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService();
    const client = service.client({
      fetch: async (url, init) => {
        const reply = await service.fetch(url, init);
        // Somebody who sees the metadata of the others copies it, before the list is read.
        if (init.method === "POST" && service.requests.length === 1) {
          service.requests.push({ ...service.requests[0], id: "copied", ...other });
          service.requests.shift();
          throw new TypeError("fetch failed");
        }
        return reply;
      },
    });
    const { outcomes, states } = await time.until(
      outcomesOf(client.signAll([imageAt(0)], { product, skip: [] })),
    );
    assert.deepEqual(states, ["waiting"]);
    assert.notEqual(/** @type {any} */ (outcomes[0]).signing.id, "copied");
    assert.equal(service.posts().length, 2);
  });

test("a service that took another image than was requested: it is told, and not posted again", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const client = service.client({
    fetch: async (url, init) => {
      const reply = await service.fetch(url, init);
      const last = service.requests.at(-1);
      if (init.method !== "POST" || last?.image !== imageAt(1)) return reply;
      const artifactURI = Buffer.from(imageAt(77)).toString("base64");
      /** @type {any} */ (last).payload.optionalParameters = [{ artifactURI }];
      return { ...reply, text: async () => JSON.stringify(last) };
    },
  });
  const { outcomes, states } = await time.until(outcomesOf(client.signAll(images(3), { product })));
  assert.deepEqual(states, ["waiting", "doubtful", "waiting"]);
  assert.match(/** @type {any} */ (outcomes[1]).error.message, /accepted another image.*as request-2/);
  assert.equal(service.posts().length, 3);
});
