// What does a list prove that is cut off, that changes while it is read, or that hides what it once showed?
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import {
  base,
  imageAt,
  images,
  keepingService,
  memoryJournal,
  outcomesOf,
  product,
} from "../support/keeping-service.js";

/** @typedef {ReturnType<typeof keepingService>} Service */

/** A fault at the POST of one image, the first time. @param {import("../support/keeping-service.js").Fault} fault @param {number} n */
function firstPostFails(fault, n = 1) {
  let isOver = false;
  return (/** @type {import("../support/keeping-service.js").Asked} */ { image }) => {
    if (image !== imageAt(n) || isOver) return undefined;
    isOver = true;
    return fault;
  };
}

/**
 * A client whose lists a test changes.
 *
 * @param {Service} service @param {(rows: any[]) => any[]} change
 */
function withLists(service, change) {
  return service.client({
    fetch: async (url, init) => {
      const reply = await service.fetch(url, init);
      if (init.method === "POST" || new URL(url).pathname !== new URL(`${base}/imagesignings`).pathname)
        return reply;
      const rows = JSON.parse(await reply.text());
      const text = JSON.stringify(change(rows));
      return { ...reply, text: async () => text };
    },
  });
}

for (const [what, shorten] of /** @type {[string, (rows: any[]) => any[]][]} */ ([
  ["the newest five", (rows) => rows.slice(-5)],
  ["the oldest five", (rows) => rows.slice(0, 5)],
  ["what is not signed", (rows) => rows.filter(({ id }) => id !== "request-7")],
])) {
  test(`a list that is capped to ${what} proves nothing: the image is doubtful`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService({ fault: firstPostFails("reset-after") });
    const client = withLists(service, (rows) => shorten(rows.filter(({ image }) => image !== imageAt(1))));
    const { outcomes, states } = await time.until(outcomesOf(client.signAll(images(20), { product })));
    assert.equal(states.filter((state) => state === "waiting").length, 19);
    assert.equal(states[1], "doubtful");
    assert.match(/** @type {any} */ (outcomes[1]).error.message, /lacks one that the service has accepted/);
    assert.equal(service.posts().length, 20);
  });
}

test("a list that is behind for a moment is looked at again", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-before") });
  const from = time.now();
  const client = withLists(service, (rows) => (time.now() < from + 1600 ? rows.slice(0, 3) : rows));
  const { states } = await time.until(outcomesOf(client.signAll(images(9), { product, settleMs: 1000 })));
  assert.deepEqual(states, Array(9).fill("waiting"));
  assert.deepEqual(service.kept(), images(9));
});

test("a list without what an earlier run has seen is not whole, either", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  const list = images(300);
  await time.until(outcomesOf(service.client().signAll(list, { product, journal })));
  // The run was killed before it wrote the last outcome.
  const last = journal.records.pop();
  assert.equal(last?.kind, "outcome");
  const client = withLists(service, (rows) =>
    rows.slice(0, 200).filter(({ image }) => image !== last.reference),
  );
  const { states } = await time.until(outcomesOf(client.signAll(list, { product, journal, skip: [] })));
  assert.equal(states[last.index], "doubtful");
  assert.equal(service.posts().length, 300);
});

test("what moves from one page to another while a list is read is not missed", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-after", 5), perPage: 2 });
  let misses = 0;
  const client = withLists(service, (rows) => {
    // Each other list misses it, as where something before it was removed.
    const isMissed = rows.some(({ image }) => image === imageAt(5)) && misses++ % 2 === 0;
    return isMissed ? rows.filter(({ image }) => image !== imageAt(5)) : rows;
  });
  const run = client.signAll(images(9), { product, settleMs: 0 });
  const { states } = await time.until(outcomesOf(run));
  assert.deepEqual(states, Array(9).fill("waiting"));
  assert.equal(service.posts().length, 9);
});

test("a later page that has gone: the list is read from its beginning", async (t) => {
  const time = fakeTime(t);
  let gone = 0;
  const service = keepingService({ perPage: 2, status: 16 });
  await time.until(outcomesOf(service.client().signAll(images(9), { product, batch: "again" })));
  const client = service.client({
    fetch: async (url, init) => {
      if (url.endsWith("offset=4") && gone++ === 0)
        return { status: 404, headers: new Headers(), text: async () => "{}" };
      return service.fetch(url, init);
    },
  });
  const { states, error } = await time.until(
    outcomesOf(client.signAll(images(9), { product, batch: "again" })),
  );
  assert.deepEqual([error, states], [undefined, Array(9).fill("skipped")]);
  assert.ok(gone > 1);
});

test("each page of a list is asked for again after a fault, and not the whole list", async (t) => {
  const time = fakeTime(t);
  let calls = 0;
  const service = keepingService({ perPage: 2 });
  for (let n = 0; n < 40; n += 1) await service.client().requestSigning({ product, artifact: imageAt(n) });
  service.settings.fault = ({ method }) =>
    method === "GET" && calls++ % 2 === 0 ? "reset-before" : undefined;
  const { states } = await time.until(outcomesOf(service.client().signAll(images(40), { product })));
  assert.deepEqual(states, Array(40).fill("waiting"));
  assert.equal(service.posts().length, 40);
  assert.equal(calls, 40);
});

test("metadata that was kept earlier, and is dropped now: a request of the image without a key could be the run's", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  // An earlier run, whose requests show their keys.
  await time.until(outcomesOf(service.client().signAll(images(9).slice(5), { product })));
  service.settings.keepsNoMetadata = true;
  service.settings.fault = firstPostFails("reset-after");
  const { outcomes, states } = await time.until(outcomesOf(service.client().signAll(images(3), { product })));
  assert.deepEqual(states, ["waiting", "doubtful", "waiting"]);
  assert.match(/** @type {any} */ (outcomes[1]).error.message, /may not keep metadata/);
  assert.equal(service.posts().length, 4 + 3);
});

test("metadata that is dropped in the middle of the run: what was made before that is no proof", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-after", 7) });
  const client = service.client({
    fetch: async (url, init) => {
      if (init.method === "POST" && service.requests.length === 6) service.settings.keepsNoMetadata = true;
      return service.fetch(url, init);
    },
  });
  const run = client.signAll(images(8), { product, concurrency: 1 });
  const { states } = await time.until(outcomesOf(run));
  assert.deepEqual(states, [...Array(7).fill("waiting"), "doubtful"]);
  assert.equal(service.posts().length, 8);
});

test("a request of the image that somebody else makes during the run: what was made later shows its key", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: firstPostFails("reset-before") });
  const client = service.client({
    fetch: async (url, init) => {
      const reply = service.fetch(url, init);
      await reply.then(undefined, () => {});
      // By another program, without a key.
      if (service.posts().length === 2 && service.requests.length === 1) {
        const { payload } = /** @type {any} */ (service.requests[0]);
        const artifactURI = Buffer.from(imageAt(1)).toString("base64");
        const other = { ...payload, metadata: [], optionalParameters: [{ artifactURI }] };
        service.requests.push({ ...service.requests[0], id: "another's", image: imageAt(1), payload: other });
      }
      return reply;
    },
  });
  const run = client.signAll(images(6), { product, skip: [], concurrency: 1, settleMs: 0 });
  const { states } = await time.until(outcomesOf(run));
  assert.deepEqual(states, Array(6).fill("waiting"));
  assert.equal(service.requests.filter(({ image }) => image === imageAt(1)).length, 2);
});
