// What does a run write into its journal, and what does a restart make of it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError } from "ocisign";
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

/** @typedef {import("ocisign").JournalRecord} JournalRecord */

test("a head, intents before the first POST of each block, an outcome for each image", async (t) => {
  const time = fakeTime(t);
  const journal = memoryJournal();
  const service = keepingService();
  /** @type {number[]} */
  const covered = [];
  const client = service.client({
    fetch: (url, init) => {
      if (init.method === "POST")
        covered.push(journal.records.filter(({ kind }) => kind === "intent").length);
      return service.fetch(url, init);
    },
  });
  await time.until(outcomesOf(client.signAll(images(300), { product, journal, batch: "tonight" })));
  const [head, ...others] = journal.records;
  assert.deepEqual(
    { ...head, list: "" },
    {
      ...{ kind: "run", version: 1, batch: "tonight", service: base, list: "", count: 300 },
      ...{ productId: product.id, operationId: "operation-1" },
    },
  );
  assert.match(head?.kind === "run" ? head.list : "", /^[0-9a-f]{64}$/);
  const intents = others.filter(({ kind }) => kind === "intent");
  assert.deepEqual(intents, [
    { kind: "intent", from: 0, to: 256 },
    { kind: "intent", from: 256, to: 300 },
  ]);
  assert.ok(covered.every((count, n) => count >= (n < 256 ? 1 : 2)));
  const outcomes = others.filter(({ kind }) => kind === "outcome");
  assert.equal(outcomes.length, 300);
  assert.deepEqual(
    outcomes.find((one) => one.kind === "outcome" && one.index === 7),
    {
      ...{ kind: "outcome", index: 7, reference: imageAt(7), state: "waiting" },
      id: service.requests.find(({ image }) => image === imageAt(7))?.id,
    },
  );
});

test("an image is posted only once its intent is safe", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  const slow = {
    ...journal,
    write: async (/** @type {JournalRecord} */ record) => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if (record.kind === "intent") assert.equal(service.posts().length, 0);
      await journal.write(record);
    },
  };
  const { error, states } = await time.until(
    outcomesOf(service.client().signAll(images(20), { product, journal: slow })),
  );
  assert.equal(error, undefined);
  assert.equal(states.length, 20);
});

test("what is done is told as skipped, with its state and id, and nothing is asked but the product's list", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ status: 16 });
  const journal = memoryJournal();
  await time.until(outcomesOf(service.client().signAll(images(5), { product, journal })));
  const asked = service.asked.length;
  const kept = journal.records.length;
  const { outcomes } = await time.until(
    outcomesOf(service.client().signAll(images(5), { product, journal })),
  );
  assert.deepEqual(outcomes[3], {
    ...{ index: 3, reference: imageAt(3), state: "skipped", why: "done", was: "signed" },
    id: service.requests.find(({ image }) => image === imageAt(3))?.id,
  });
  assert.equal(service.asked.length - asked, 1);
  assert.equal(journal.records.length, kept);
});

test("what waited is waited for, if that is wanted", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  await time.until(outcomesOf(service.client().signAll(images(30), { product, journal })));
  for (const request of service.requests) request.status = 16;
  const run = service.client().signAll(images(30), { product, journal, wait: true });
  const { outcomes, states } = await time.until(outcomesOf(run));
  assert.deepEqual(states, Array(30).fill("signed"));
  assert.ok(outcomes.every((one) => one.state === "signed" && one.signing.id));
  assert.equal(service.posts().length, 30);
  const last = journal.records.filter((one) => one.kind === "outcome" && one.index === 4).at(-1);
  assert.equal(last?.kind === "outcome" && last.state, "signed");
});

test("a wait writes the id before the request is final", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  const run = service.client().signAll(images(3), { product, journal, wait: true, timeoutMs: 60_000 });
  await time.until(outcomesOf(run));
  const first = journal.records.find((one) => one.kind === "outcome");
  assert.equal(first?.kind === "outcome" && first.state, "waiting");
  assert.match(String(first?.kind === "outcome" && first.id), /^request-/);
});

test("what was refused is posted again, with an intent of its own first", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: ({ image }) => (image === imageAt(1) ? "400" : undefined) });
  const journal = memoryJournal();
  const first = await time.until(outcomesOf(service.client().signAll(images(3), { product, journal })));
  assert.deepEqual(first.states, ["waiting", "failed", "waiting"]);
  service.settings.fault = undefined;
  const kept = journal.records.length;
  const next = await time.until(outcomesOf(service.client().signAll(images(3), { product, journal })));
  assert.deepEqual(next.states, ["skipped", "waiting", "skipped"]);
  assert.deepEqual(journal.records[kept], { kind: "intent", from: 0, to: 3 });
  // As if the second run had been killed before it wrote the outcome.
  const torn = memoryJournal(journal.records.slice(0, kept + 1));
  const run = service.client().signAll(images(3), { product, journal: torn, skip: [] });
  const third = await time.until(outcomesOf(run));
  assert.deepEqual(third.states, ["skipped", "waiting", "skipped"]);
  assert.deepEqual(service.kept(), images(3));
});

test("what was doubtful is looked for again", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({
    fault: ({ image, method, path }) =>
      image === imageAt(1) ? "reset-after" : method === "GET" && path === "imagesignings" ? "403" : undefined,
  });
  const journal = memoryJournal();
  const first = await time.until(outcomesOf(service.client().signAll(images(3), { product, journal })));
  assert.deepEqual(first.states, ["waiting", "doubtful", "waiting"]);
  service.settings.fault = undefined;
  const next = await time.until(outcomesOf(service.client().signAll(images(3), { product, journal })));
  assert.deepEqual(next.states, ["skipped", "waiting", "skipped"]);
  assert.equal(service.requests.length, 3);
});

test("an intent without an outcome is settled only when a call of the earlier run has surely ended", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  await time.until(outcomesOf(service.client().signAll(images(3), { product, journal })));
  const torn = memoryJournal(journal.records.slice(0, 2));
  service.requests.length = 0;
  const from = time.now();
  const run = service.client().signAll(images(3), { product, journal: torn, settleMs: 40_000 });
  const { states } = await time.until(outcomesOf(run));
  assert.deepEqual(states, ["waiting", "waiting", "waiting"]);
  assert.ok(time.now() - from >= 40_000);
  assert.equal(service.requests.length, 3);
});

/** A journal of a run of three images. @param {any} time */
async function journalOfThree(time) {
  const journal = memoryJournal();
  const service = keepingService();
  await time.until(outcomesOf(service.client().signAll(images(3), { product, journal, batch: "first" })));
  return journal;
}

for (const [what, list, options] of /** @type {[string, string[], object][]} */ ([
  ["the lists of images differ", [imageAt(0), imageAt(2), imageAt(1)], {}],
  ["the numbers of images and the lists of images differ", images(4), {}],
  ["the products differ", images(3), { product: { ...product, id: "product-2" } }],
  ["the batch ids differ", images(3), { batch: "second" }],
  [
    "the operations differ",
    images(3),
    { product: { ...product, productOperations: [{ ...product.productOperations[0], id: "operation-2" }] } },
  ],
])) {
  test(`a journal of another run is refused: ${what}`, async (t) => {
    const time = fakeTime(t);
    const journal = await journalOfThree(time);
    const service = keepingService();
    const kept = journal.records.length;
    const run = service.client().signAll(list, { product, journal, ...options });
    const { outcomes, error } = await time.until(outcomesOf(run));
    assert.ok(error instanceof OcisignError);
    assert.deepEqual([outcomes, service.posts(), journal.records.length], [[], [], kept]);
    assert.equal(error.code, "bad-journal");
    assert.equal(error.message, `The journal is of another run: ${what}. Nothing was requested.`);
    assert.equal(error.fix, "Pass the journal of this run, or begin a new one.");
  });
}

test("a journal of another service is refused", async (t) => {
  const time = fakeTime(t);
  const journal = await journalOfThree(time);
  const service = keepingService();
  const client = service.client({ baseUrl: "https://other.example/acme/api/v1/" });
  const { error } = await time.until(outcomesOf(client.signAll(images(3), { product, journal })));
  assert.equal(error.message, "The journal is of another run: the services differ. Nothing was requested.");
});

test("the same service is the same with a slash at its end", async (t) => {
  const time = fakeTime(t);
  const journal = await journalOfThree(time);
  const client = keepingService().client({ baseUrl: `${base}/` });
  const { states } = await time.until(outcomesOf(client.signAll(images(3), { product, journal })));
  assert.deepEqual(states, ["skipped", "skipped", "skipped"]);
});

for (const [what, records, message] of /** @type {[string, any[], RegExp][]} */ ([
  ["without a head", [{ kind: "intent", from: 0, to: 3 }], /does not begin with its head/],
  ["with something else", ["text"], /holds something else than records/],
  ["of another version", [{ kind: "run", version: 2 }], /of another version, `2`/],
  ["of a version that is no text", [{ kind: "run", version: { toString: 1 } }], /of another version\. /],
  ["with a head that is none", [{ kind: "run", version: 1 }], /a head that is none/],
  ...[100_000_001, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER].map((count) => [
    `of ${count} images`,
    [{ kind: "run", version: 1, batch: "b", service: base, productId: "p", list: "", count }],
    /a head that is none/,
  ]),
])) {
  test(`a journal ${what} is refused`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService();
    const journal = memoryJournal(records);
    const { error } = await time.until(outcomesOf(service.client().signAll(images(3), { product, journal })));
    assert.equal(error.code, "bad-journal");
    assert.match(error.message, message);
    assert.deepEqual(service.posts(), []);
  });
}

test("records that make no sense are refused", async (t) => {
  const time = fakeTime(t);
  const whole = await journalOfThree(time);
  for (const [record, message] of /** @type {[any, RegExp][]} */ ([
    [whole.records[0], /has two heads/],
    [{ kind: "outcome", index: 9, reference: "r", state: "signed" }, /a place beyond its list/],
    [{ kind: "outcome", index: 1, reference: "r", state: "lost" }, /a record that is none/],
    [{ kind: "intent", from: -1, to: 3 }, /a record that is none/],
    [{ kind: "intent", from: 0, to: 9 }, /a place beyond its list/],
    [{ kind: "note" }, /a record that is none/],
  ])) {
    const journal = memoryJournal([...whole.records, record]);
    const service = keepingService();
    const { error } = await time.until(outcomesOf(service.client().signAll(images(3), { product, journal })));
    assert.match(error.message, message);
    assert.deepEqual(service.posts(), []);
  }
});

test("what an earlier run did not come to, and waits by another's request, is taken up by the next run", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const client = service.client();
  await time.until(outcomesOf(client.signAll(images(10).slice(5), { product, skip: [] })));
  const journal = memoryJournal();
  const killed = {
    read: () => journal.read(),
    write: async (/** @type {import("ocisign").JournalRecord} */ record) => {
      if (record.kind === "outcome") throw new Error("killed");
      await journal.write(record);
      if (record.kind === "intent") throw new Error("killed");
    },
  };
  await time.until(outcomesOf(client.signAll(images(10), { product, journal: killed })));
  const { states } = await time.until(outcomesOf(client.signAll(images(10), { product, journal })));
  assert.deepEqual(states, Array(10).fill("waiting"));
  assert.deepEqual(service.kept(), images(10).sort());
});
