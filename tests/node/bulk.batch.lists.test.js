// Lists that shift while their pages are read, and lists that show less than a request by itself: what is decided about?
import assert from "node:assert/strict";
import { test } from "node:test";
import { approveBatch, readBatch } from "ocisign";
import { all, batchService, idOf, requestOf } from "../support/batch-service.js";

const batch = (/** @type {number} */ count) => Array.from({ length: count }, (_, n) => requestOf(n + 1));

/** A service whose list is made of what it holds. @param {any[]} requests @param {(held: any[]) => any[]} list */
function listing(requests, list) {
  const service = batchService(requests, {
    act: ({ path }) =>
      path === "imagesignings"
        ? new Response(JSON.stringify(list([...service.held.values()].map((one) => structuredClone(one)))))
        : undefined,
  });
  return service;
}

/** Reads and approves. @param {ReturnType<typeof batchService>} service */
async function approved({ client, posts }) {
  const shown = await readBatch(client, { batch: "nightly" });
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words }));
  const ids = outcomes.map(({ id, state }) => `${Number(id.slice(-12))} ${state}`).sort();
  assert.equal(new Set(posts().map(({ id }) => id)).size, posts().length, "none is sent twice");
  return { shown, ids };
}

const otherBatch = (/** @type {any} */ one) => {
  one.payload.metadata[0].value = "weekly";
  return one;
};

for (const [what, list] of /** @type {[string, (held: any[]) => any[]][]} */ ([
  ["once more", (held) => [...held, held[1]]],
  ["three times", (held) => [held[1], ...held, held[1]]],
  ["each twice", (held) => [...held, ...held]],
  ["in another spelling", (held) => [...held, { ...held[1], id: held[1].id.toUpperCase() }]],
  ["with another description", (held) => [...held, { ...held[1], description: "another" }]],
  ["at first with another description", (held) => [{ ...held[1], description: "another" }, ...held]],
  ["decided meanwhile", (held) => [...held, { ...held[1], approvals: [{ objectId: "ann" }] }]],
  ["at first of another batch", (held) => [otherBatch(structuredClone(held[1])), ...held]],
  ["later of another batch", (held) => [...held, otherBatch(structuredClone(held[1]))]],
  ["once unreadable", (held) => [{ ...held[1], status: "?" }, ...held]],
  ["once without metadata", (held) => [{ ...held[1], payload: {} }, ...held]],
])) {
  test(`a list that shows a request ${what}: it is one, as it is by itself`, async () => {
    const requests = batch(3).map((one, n) => ({
      ...one,
      id: `aaaaaaaa-0000-4000-8000-00000000000${n + 1}`,
    }));
    const { shown, ids } = await approved(listing(requests, list));
    assert.deepEqual(ids, ["1 approved", "2 approved", "3 approved"]);
    assert.deepEqual(shown.unread, []);
    assert.equal(shown.requests[1]?.signing.description, requests[1].description);
  });
}

test("a request that the list shows twice and nobody can read is told once, as one of the batch", async () => {
  const service = batchService(batch(2), {
    act: ({ path }) => {
      const [one, two] = [...service.held.values()];
      if (path === "imagesignings") return new Response(JSON.stringify([one, two, one, two]));
      return path.endsWith(idOf(2)) ? new Response("{}", { status: 400 }) : undefined;
    },
  });
  const { unread, requests } = await readBatch(service.client, { batch: "nightly" });
  assert.deepEqual(
    unread.map(({ id, isWanted }) => [id, isWanted]),
    [[idOf(2), true]],
  );
  assert.equal(requests.length, 1);
});

const short = (/** @type {string} */ text) => (text.length > 10 ? `${text.slice(0, 10)}…` : text);
for (const [what, change] of /** @type {[string, (one: any, at: number) => any][]} */ ([
  ["cuts texts", (one) => ({ ...one, description: short(one.description) })],
  ["cuts those of later requests only", (one, at) => (at < 2 ? one : { ...one, name: short(one.name) })],
  ["leaves out a field that few have", ({ ticket, ...one }) => one],
  [
    "cuts lists",
    (one) => ({ ...one, payload: { ...one.payload, metadata: one.payload.metadata.slice(0, 2) } }),
  ],
  ["writes a number as a text", (one) => ({ ...one, priority: String(one.priority) })],
  ["shows more", (one) => ({ ...one, inTheListOnly: 1 })],
])) {
  test(`a list that ${what}: what is shown and decided is what each request says by itself`, async () => {
    const requests = batch(4).map((one, at) => ({
      ...one,
      ...{ description: "a description of some length", name: "a name of some length", priority: at },
      ...(at === 3 && { ticket: "T-1" }),
    }));
    for (const { payload } of requests) payload.metadata.push({ name: "Version", value: "1" });
    const { shown, ids } = await approved(listing(requests, (held) => held.map(change)));
    assert.deepEqual(ids, ["1 approved", "2 approved", "3 approved", "4 approved"]);
    const last = /** @type {any} */ ({ ...shown.requests[3]?.signing });
    for (const decoded of ["code", "state", "final"]) delete last[decoded];
    assert.deepEqual(last, requests[3]);
  });
}

test("of fifty thousand requests, only those of the batch are read and kept", async () => {
  const others = Array.from({ length: 50_000 }, (_, n) => otherBatch(requestOf(n + 100)));
  const service = batchService(batch(20), {
    act: ({ path }) =>
      path === "imagesignings"
        ? new Response(JSON.stringify([...others, ...service.held.values()]))
        : undefined,
  });
  const shown = await readBatch(service.client, { batch: "nightly" });
  assert.equal(shown.requests.length, 20);
  assert.equal(service.asked.length, 22);
});

test("a service that limits its rate: all of a batch is read all the same", async () => {
  let refused = 0;
  const service = batchService(batch(60), {
    act: ({ path, nth }) => {
      if (!path.startsWith("imagesignings/") || nth > 1 || Number(path.slice(-12)) % 3 > 0) return undefined;
      refused += 1;
      return new Response("{}", { status: 429, headers: { "retry-after": "0" } });
    },
  });
  const shown = await readBatch(service.client, { batch: "nightly" });
  assert.deepEqual([refused, shown.requests.length, shown.unread.length], [20, 60, 0]);
});
