// Does a journal that does not tell all, or that two runs want, lead to two requests of an image?
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

test("a journal that is restored from an older copy: what it does not tell of is found at the service", async (t) => {
  const time = fakeTime(t);
  for (const kept of [2, 50, 258]) {
    for (const options of [{}, { skip: [] }]) {
      const service = keepingService({ status: 16 });
      const journal = memoryJournal();
      const list = images(600);
      await time.until(outcomesOf(service.client().signAll(list, { product, journal })));
      const restored = memoryJournal(journal.records.slice(0, kept));
      const run = service.client().signAll(list, { product, journal: restored, ...options });
      const { states, error } = await time.until(outcomesOf(run));
      assert.deepEqual([error, states], [undefined, Array(600).fill("skipped")]);
      assert.equal(service.posts().length, 600);
    }
  }
});

test("a restored journal, and a POST of the lost run that takes effect later", async (t) => {
  const time = fakeTime(t);
  const stop = new AbortController();
  const service = keepingService({
    fault: ({ image }) => {
      if (image !== imageAt(299)) return undefined;
      setTimeout(() => stop.abort(), 0);
      return "late";
    },
  });
  const journal = memoryJournal();
  const first = service
    .client()
    .signAll(images(300), { product, journal, signal: stop.signal, concurrency: 1 });
  await time.until(outcomesOf(first));
  assert.equal(service.requests.length, 299);
  service.settings.fault = undefined;
  const restored = memoryJournal(journal.records.slice(0, 20));
  const run = service.client().signAll(images(300), { product, journal: restored, skip: [] });
  const { states } = await time.until(outcomesOf(run));
  assert.equal(states.length, 300);
  assert.deepEqual(service.kept(), images(300).sort());
});

test("who may not list goes on by the journal alone", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  await time.until(outcomesOf(service.client().signAll(images(5), { product, journal })));
  service.settings.fault = ({ method, path }) =>
    method === "GET" && path === "imagesignings" ? "403" : undefined;
  const { states, error } = await time.until(
    outcomesOf(service.client().signAll(images(5), { product, journal, skip: [] })),
  );
  assert.deepEqual([error, states], [undefined, Array(5).fill("skipped")]);
});

for (const [status, expected] of /** @type {const} */ ([
  [16, { state: "skipped", why: "done", was: "signed" }],
  [32, { state: "skipped", why: "done", was: "rejected" }],
  [2, { state: "waiting", takenUp: true }],
])) {
  test(`status ${status}: what was made with the batch id before the journal was, is not told as this run's`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService({ status });
    await time.until(outcomesOf(service.client().signAll(images(3), { product, batch: "nightly" })));
    const journal = memoryJournal();
    const whole = memoryJournal();
    await time.until(
      outcomesOf(service.client().signAll(images(3), { product, batch: "nightly", journal: whole })),
    );
    // The run was killed after its first intent.
    const head = whole.records.filter(({ kind }) => kind === "run");
    for (const record of [...head, { kind: /** @type {const} */ ("intent"), from: 0, to: 3 }])
      await journal.write(record);
    const run = service.client().signAll(images(3), { product, batch: "nightly", journal });
    const { outcomes } = await time.until(outcomesOf(run));
    for (const outcome of outcomes) assert.deepEqual({ ...outcome, ...expected }, outcome);
    assert.equal(service.posts().length, 3);
    const again = await time.until(
      outcomesOf(service.client().signAll(images(3), { product, batch: "nightly", journal })),
    );
    assert.deepEqual(again.states, Array(3).fill("skipped"));
  });
}

test("two runs on one journal: the second is refused before it posts anything", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  const one = outcomesOf(service.client().signAll(images(50), { product, journal }));
  const other = outcomesOf(service.client().signAll(images(50), { product, journal }));
  const [first, second] = await time.until(Promise.all([one, other]));
  assert.deepEqual(first.states, Array(50).fill("waiting"));
  assert.deepEqual([second.outcomes, second.error.code], [[], "journal-in-use"]);
  assert.match(second.error.fix, /^Wait until the other run has ended/);
  assert.equal(service.posts().length, 50);
  // Once it has ended, it is free: also after an error.
  for (const options of [{ product: { ...product, id: "other" } }, {}]) {
    const { error } = await time.until(
      outcomesOf(service.client().signAll(images(50), { product, journal, ...options })),
    );
    assert.notEqual(error?.code, "journal-in-use");
  }
});

test("a run whose reader has left frees its journal", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  const run = service.client().signAll(images(50), { product, journal });
  await time.until(run.next());
  await time.until(run.return());
  const { states, error } = await time.until(
    outcomesOf(service.client().signAll(images(50), { product, journal })),
  );
  assert.deepEqual([error, states.length], [undefined, 50]);
});

test("wrong items, and ids, that are secrets or very long: a journal keeps no secret, and nothing ends", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  const secret = "ghp_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5z";
  const list = [
    imageAt(0),
    secret,
    `user:${secret}@registry.example/app@sha256:12`,
    `https://registry.example/app?token=${secret}`,
    `registry.example/${"a".repeat(2_000_000)}@sha256:12`,
    "a".repeat(2_000_000),
  ];
  const long = "x".repeat(2_000_000);
  const client = service.client({
    fetch: async (url, init) => {
      const reply = await service.fetch(url, init);
      if (init.method === "POST") Object.assign(service.requests[0] ?? {}, { id: long });
      const text = init.method === "POST" ? JSON.stringify(service.requests[0]) : undefined;
      return text === undefined ? reply : { ...reply, text: async () => text };
    },
  });
  const { outcomes, states, error } = await time.until(
    outcomesOf(client.signAll(list, { product, journal, keepGoing: true })),
  );
  assert.deepEqual([error, states], [undefined, ["waiting", ...Array(5).fill("failed")]]);
  assert.equal(outcomes[1]?.reference, secret);
  const kept = JSON.stringify(journal.records);
  assert.ok(!kept.includes(secret.slice(4)), "a secret stands in the journal");
  for (const record of journal.records) assert.ok(JSON.stringify(record).length < 10_000);
  const next = await time.until(outcomesOf(client.signAll(list, { product, journal, keepGoing: true })));
  assert.deepEqual([next.error, next.states], [undefined, ["skipped", ...Array(5).fill("failed")]]);
  assert.equal(service.posts().length, 1);
});
