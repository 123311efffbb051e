// A batch at the sandbox: two approvers at once, a request that somebody else decides, a lost answer, two hundred of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { approveBatch, readBatch, rejectBatch, SigningClient } from "ocisign";
import { all } from "../support/batch-service.js";
import { profileOf } from "../support/sandbox.js";
import { as, image, product, sandbox } from "../support/signing-sandbox.js";

let made = 0;

/** Requests of a new batch. @param {number} count */
async function newBatch(count) {
  made += 1;
  const batch = `batch-${made}`;
  const metadata = [{ name: "ocisign-batch", value: batch }];
  /** @type {import("ocisign").Signing[]} */
  const requests = [];
  for (let n = 0; n < count; n += 1) {
    const input = { productId: product.id, artifact: image, name: `image ${n}`, metadata };
    requests.push(await as("requester").requestSigning(input));
  }
  return { batch, ids: requests.map(({ id }) => id) };
}

/** @param {readonly { state: string }[]} outcomes */
function countsOf(outcomes) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { state } of outcomes) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

const approvalsOf = async (/** @type {string} */ id) => (await as("requester").signing(id)).approvals?.length;

test("two approvers see the same hash, and approve one batch at once: each request has both approvals", async () => {
  const { batch, ids } = await newBatch(12);
  const outcomes = await Promise.all(
    ["approver-one", "approver-two"].map(async (role) => {
      const shown = await readBatch(as(role), { batch });
      assert.equal(shown.requests.length, 12);
      return { words: shown.words, all: await all(approveBatch(as(role), shown, { confirm: shown.words })) };
    }),
  );
  assert.equal(outcomes[0].words, outcomes[1].words);
  for (const one of outcomes) assert.deepEqual(countsOf(one.all), { approved: 12 });
  for (const id of ids) assert.equal(await approvalsOf(id), 2);
});

test("the same approver twice at once: no approval counts twice, and none is lost", async () => {
  const { batch, ids } = await newBatch(6);
  const shown = await readBatch(as("approver-one"), { batch });
  const { objectId } = sandbox.person("approver-one");
  const options = { confirm: shown.words, by: { objectId } };
  const twice = [
    approveBatch(as("approver-one"), shown, options),
    approveBatch(as("approver-one"), shown, options),
  ];
  for (const outcomes of await Promise.all(twice.map(all)))
    assert.deepEqual(countsOf(outcomes), { approved: 6 });
  for (const id of ids) assert.equal(await approvalsOf(id), 1);
});

test("one is rejected by somebody else while the batch is approved, and one was never theirs to decide", async () => {
  const { batch, ids } = await newBatch(4);
  const shown = await readBatch(as("approver-one"), { batch });
  await as("approver-two").reject(ids[1], { comment: "not this one" });
  const outcomes = await all(approveBatch(as("approver-one"), shown, { confirm: shown.words }));
  assert.deepEqual(countsOf(outcomes), { approved: 3, conflict: 1 });
  const conflict = outcomes.find(({ state }) => state === "conflict");
  assert.deepEqual([conflict?.id, conflict?.signing?.state], [ids[1], "rejected"]);

  const own = await readBatch(as("requester"), { batch });
  const refused = await all(approveBatch(as("requester"), own, { confirm: own.words }));
  assert.deepEqual(countsOf(refused), { forbidden: 3, notTried: 1 });
});

test("a lost answer in the middle: the approval is there once, and counts", async () => {
  const { batch, ids } = await newBatch(5);
  let posts = 0;
  const client = new SigningClient({
    baseUrl: sandbox.base,
    profile: await profileOf(sandbox),
    token: sandbox.person("approver-one").token,
    async fetch(url, init) {
      const reply = await fetch(url, /** @type {RequestInit} */ (init));
      if (init?.method !== "POST") return reply;
      posts += 1;
      if (posts === 3) throw new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });
      return reply;
    },
  });
  const shown = await readBatch(client, { batch });
  const by = { objectId: sandbox.person("approver-one").objectId };
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words, by, concurrency: 1 }));
  assert.deepEqual(countsOf(outcomes), { approved: 5 });
  assert.equal(posts, 5);
  for (const id of ids) assert.equal(await approvalsOf(id), 1);
});

test("200 requests, named by their ids, each twice; then all of them rejected", async () => {
  const { batch, ids } = await newBatch(200);
  const shown = await readBatch(as("approver-one"), { ids: [...ids, ...ids.toReversed()] });
  const outcomes = await all(approveBatch(as("approver-one"), shown, { confirm: shown.words }));
  assert.deepEqual(countsOf(outcomes), { approved: 200 });
  const again = await readBatch(as("approver-two"), { batch });
  assert.equal(again.words, shown.words, "approvals move by themselves");
  const options = { confirm: again.words, comment: "another build" };
  assert.deepEqual(countsOf(await all(rejectBatch(as("approver-two"), again, options))), { rejected: 200 });
});

test("a batch id that nobody has", async () => {
  await assert.rejects(readBatch(as("approver-one"), { batch: "never" }), {
    code: "not-found",
    message: /`never`/,
  });
});
