// What does a run make of answers that contradict it: a conflict after a doubt, another product, a request that is gone?
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

const minute = 60_000;

test("a conflict after a doubt: what the service refuses to take twice is found", async (t) => {
  const time = fakeTime(t);
  let posts = 0;
  const service = keepingService({
    fault: ({ image, method }) => {
      if (image !== imageAt(1) || method !== "POST") return undefined;
      posts += 1;
      return posts === 1 ? "reset-before" : "409";
    },
  });
  const client = service.client({
    fetch: async (url, init) => {
      const reply = await service.fetch(url, init);
      // It has taken the first one after all, long after everything.
      if (reply.status === 409) {
        service.settings.fault = undefined;
        await service.fetch(url, init);
      }
      return reply;
    },
  });
  const run = client.signAll(images(3), { product, settleMs: 1000 });
  const { states } = await time.until(outcomesOf(run));
  assert.deepEqual(states, Array(3).fill("waiting"));
  assert.equal(service.requests.filter(({ image }) => image === imageAt(1)).length, 1);
});

test("a conflict after a doubt, and no search finds it: the image is doubtful, and not failed", async (t) => {
  const time = fakeTime(t);
  let posts = 0;
  const service = keepingService({
    fault: ({ image }) => (image !== imageAt(1) ? undefined : posts++ === 0 ? "reset-before" : "409"),
  });
  const { outcomes, states } = await time.until(
    outcomesOf(service.client().signAll(images(3), { product, settleMs: 1000 })),
  );
  assert.deepEqual(states, ["waiting", "doubtful", "waiting"]);
  assert.match(/** @type {any} */ (outcomes[1]).error.message, /refuses one more of it/);
  assert.equal(posts, 2);
});

test("a conflict of what an earlier run may have posted is in doubt, too", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  await time.until(outcomesOf(service.client().signAll(images(2), { product, journal })));
  const torn = memoryJournal(journal.records.slice(0, 2));
  service.requests.length = 0;
  service.settings.fault = ({ image }) => (image === imageAt(1) ? "409" : undefined);
  const { states } = await time.until(
    outcomesOf(service.client().signAll(images(2), { product, journal: torn })),
  );
  assert.deepEqual(states, ["waiting", "doubtful"]);
});

for (const [what, other] of /** @type {const} */ ([
  ["product", { productId: "product-2" }],
  ["operation", { idProductOperation: "operation-2" }],
])) {
  test(`a reply that describes another ${what} than was requested is not accepted in silence`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService();
    const client = service.client({
      fetch: async (url, init) => {
        const reply = await service.fetch(url, init);
        const last = service.requests.at(-1);
        if (init.method !== "POST" || last?.image !== imageAt(1)) return reply;
        Object.assign(last, other);
        return { ...reply, text: async () => JSON.stringify(last) };
      },
    });
    const { outcomes, states } = await time.until(outcomesOf(client.signAll(images(3), { product })));
    assert.deepEqual(states, ["waiting", "doubtful", "waiting"]);
    const { code, message, taken } = /** @type {any} */ (outcomes[1]).error;
    assert.deepEqual([code, taken], ["bad-reply", "maybe"]);
    assert.match(message, /another product or operation than was requested, as `request-2`/);
    assert.equal(service.posts().length, 3);
  });
}

test("settleMs: 0 does not make looks follow one another without a pause", async (t) => {
  const time = fakeTime(t);
  const from = time.now();
  const service = keepingService({ fault: ({ method }) => (method === "POST" ? "500-before" : undefined) });
  const run = service.client().signAll(images(1), { product, settleMs: 0, patienceMs: 2 * minute });
  const { states } = await time.until(outcomesOf(run));
  const took = time.now() - from;
  assert.deepEqual(states, ["failed"]);
  assert.ok(took >= 2 * minute);
  // Less often with time.
  assert.ok(service.count("POST", "") < 25, `${service.count("POST", "")} posts`);
  assert.ok(
    service.count("GET", "^imagesignings$") < 100,
    `${service.count("GET", "^imagesignings$")} looks`,
  );
});

test("a Retry-After of a year on a look does not stop the POSTs", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  let refused = 0;
  const client = service.client({
    fetch: async (url, init) => {
      const isList = init.method === "GET" && url.endsWith("imagesignings");
      if (!isList || service.requests.length === 0) return service.fetch(url, init);
      refused += 1;
      return { status: 503, headers: new Headers({ "retry-after": "31536000" }), text: async () => "{}" };
    },
  });
  const from = time.now();
  async function* slowly() {
    for (const [n, image] of images(30).entries()) {
      // The waits have begun, and looked, long before the list ends.
      if (n === 20) await new Promise((resolve) => setTimeout(resolve, minute));
      yield image;
    }
  }
  const run = client.signAll(slowly(), { product, wait: true, timeoutMs: 10 * minute });
  const { states, error } = await time.until(outcomesOf(run));
  assert.deepEqual([error, states], [undefined, Array(30).fill("waiting")]);
  assert.ok(time.now() - from < 12 * minute);
  assert.equal(refused, 1);
});

test("a Retry-After of a year on a search ends the run, and does not hold it up", async (t) => {
  const time = fakeTime(t);
  const from = time.now();
  const service = keepingService({
    fault: ({ image }) => (image === imageAt(1) ? "reset-after" : undefined),
  });
  const client = service.client({
    fetch: async (url, init) => {
      const isList = init.method === "GET" && url.endsWith("imagesignings");
      if (!isList || service.requests.length === 0) return service.fetch(url, init);
      return { status: 503, headers: new Headers({ "retry-after": "31536000" }), text: async () => "{}" };
    },
  });
  const { outcomes, error } = await time.until(outcomesOf(client.signAll(images(5), { product })));
  assert.match(error.message, /more patience than there is/);
  assert.equal(outcomes.find(({ index }) => index === 1)?.state, "doubtful");
  assert.ok(time.now() - from < minute);
});

test("a request of an earlier run that is gone is told as doubtful, and stays in the journal", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  await time.until(outcomesOf(service.client().signAll(images(3), { product, journal })));
  const [gone] = service.requests.splice(1, 1);
  const kept = journal.records.length;
  for (const one of service.requests) one.status = 16;
  const run = service.client().signAll(images(3), { product, journal, wait: true });
  const { outcomes, states } = await time.until(outcomesOf(run));
  const at = images(3).indexOf(String(gone?.image));
  assert.equal(states[at], "doubtful");
  assert.match(
    /** @type {any} */ (outcomes[at]).error.message,
    /does not show the request `request-\d` any more/,
  );
  assert.ok(journal.records.slice(kept).every((one) => one.kind !== "outcome" || one.index !== at));
  assert.equal(service.posts().length, 3);
});

for (const [what, onProgress] of /** @type {[string, () => unknown][]} */ ([
  [
    "throws",
    () => {
      throw new Error("no more");
    },
  ],
  [
    "rejects",
    async () => {
      throw new Error("no more");
    },
  ],
])) {
  test(`onProgress that ${what} ends the run`, async (t) => {
    const time = fakeTime(t);
    /** @type {unknown[]} */
    const unhandled = [];
    const note = (/** @type {unknown} */ reason) => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    t.after(() => process.off("unhandledRejection", note));
    const service = keepingService();
    const run = service
      .client()
      .signAll(images(300), { product, onProgress: /** @type {any} */ (onProgress) });
    const { outcomes, error } = await time.until(outcomesOf(run));
    assert.equal(error.message, "no more");
    assert.ok(outcomes.length < 300);
    assert.deepEqual(unhandled, []);
  });
}
