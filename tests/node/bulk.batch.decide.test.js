// Deciding about a batch: what begins it, what comes of each request, and that no decision is sent twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { approveBatch, readBatch, rejectBatch } from "ocisign";
import { all, batchService, idOf, registry, requestOf } from "../support/batch-service.js";
import { productOf } from "../support/fake-service.js";
import { fakeTime } from "../support/fake-time.js";

const numbers = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => at + 1);
const batch = (/** @type {number} */ count) => numbers(count).map((n) => requestOf(n));
const by = { objectId: "me" };

/** @typedef {Parameters<typeof batchService>[1]} Scripted */

/** A batch that was shown. @param {number | any[]} requests @param {Scripted} [scripted] */
async function shownBatch(requests, scripted) {
  const service = batchService(typeof requests === "number" ? batch(requests) : requests, scripted);
  const shown = await readBatch(service.client, { batch: "nightly" });
  service.asked.length = 0;
  asksOfLast = () => service.asked.length;
  return { ...service, shown };
}

/** How often the last service was asked: while it is, no time goes on. */
let asksOfLast = () => 0;
const asks = () => asksOfLast();

/** The states by the last digits of the ids. @param {readonly { id: string, state: string }[]} outcomes */
const statesOf = (outcomes) =>
  Object.fromEntries(outcomes.map(({ id, state }) => [Number(id.slice(-12)), state]).sort());

const lost = () => {
  throw new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });
};

test("each is approved once, bound to what was shown, with the comment", async () => {
  const { client, shown, held, posts, asked, most } = await shownBatch(10);
  /** @type {import("ocisign").BulkProgress[]} */
  const progress = [];
  const outcomes = await all(
    approveBatch(client, shown, {
      confirm: shown.words,
      comment: "seen",
      onProgress: (at) => progress.push(at),
    }),
  );
  assert.deepEqual(statesOf(outcomes), Object.fromEntries(numbers(10).map((n) => [n, "approved"])));
  assert.equal(posts().length, 10);
  for (const { id, body } of posts()) {
    assert.equal(body.comment, "seen");
    assert.deepEqual(body.expect.payload, held.get(id).payload);
  }
  assert.ok(most() <= 4 && most() > 1, `${most()} at the same time`);
  assert.equal(
    asked.filter(({ path }) => path === "products/p").length,
    10,
    "the product is compared each time",
  );
  assert.deepEqual(progress.at(-1), { total: 10, done: 10, counts: { approved: 10 } });
  assert.equal(progress.length, 10);
});

test("only the very words begin it", async () => {
  const { client, shown, asked } = await shownBatch(3);
  const [, end] = shown.words.split(" ");
  for (const [confirm, code] of /** @type {[any, string][]} */ ([
    [undefined, "bad-input"],
    ["", "bad-input"],
    [true, "bad-input"],
    [end, "bad-input"],
    [shown.hash, "bad-input"],
    [`3  ${end}`, "bad-input"],
    [` ${shown.words}`, "bad-input"],
    [`3 ${end.toUpperCase()}`, /[a-f]/.test(end) ? "bad-input" : ""],
    [`2 ${end}`, "changed"],
    [`3 ${shown.hash.slice(0, 8)}`, "changed"],
  ])) {
    if (code) await assert.rejects(all(approveBatch(client, shown, { confirm })), { code }, String(confirm));
    if (code) await assert.rejects(all(rejectBatch(client, shown, { confirm, comment: "no" })), { code });
  }
  await assert.rejects(all(approveBatch(client, shown, /** @type {any} */ ({}))), { code: "bad-input" });
  for (const comment of [undefined, "", " "]) {
    const options = /** @type {any} */ ({ confirm: shown.words, comment });
    await assert.rejects(all(rejectBatch(client, shown, options)), {
      code: "bad-input",
      message: /needs a comment/,
    });
  }
  assert.equal(asked.length, 0);
});

test("what was shown cannot be changed behind the words", async () => {
  const { client, shown, asked } = await shownBatch(3);
  const confirm = shown.words;
  const [first, second] = shown.requests;
  const evil = { ...first, signing: { ...first.signing, description: "another" } };
  const product = shown.products[0];
  for (const changed of [
    { ...shown, requests: [evil, ...shown.requests.slice(1)] },
    { ...shown, requests: shown.requests.slice(1) },
    { ...shown, hash: shown.hash.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) },
    { ...shown, products: [{ ...product, product: { ...product.product, name: "Q" } }] },
    { ...shown, products: [] },
  ]) {
    await assert.rejects(all(approveBatch(client, /** @type {any} */ (changed), { confirm })), {
      code: "changed",
    });
  }
  for (const none of [
    undefined,
    null,
    {},
    [],
    { ...shown, requests: [first, first, second] },
    { ...shown, requests: [{}] },
  ]) {
    await assert.rejects(all(approveBatch(client, /** @type {any} */ (none), { confirm })), {
      code: "bad-input",
    });
  }
  assert.equal(asked.length, 0);
});

test("one that changes meanwhile is told, and the others go on", async () => {
  const { client, shown, held, postsTo } = await shownBatch(5);
  held.get(idOf(2)).description = "another";
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words }));
  assert.deepEqual(statesOf(outcomes), {
    1: "approved",
    2: "changed",
    3: "approved",
    4: "approved",
    5: "approved",
  });
  assert.match(String(outcomes.find(({ id }) => id === idOf(2))?.error?.message), /description/);
  assert.equal(postsTo(idOf(2)).length, 0);
});

test("a product that changes meanwhile stops the approvals that were bound to it", async () => {
  const products = { p: productOf(registry), q: productOf(registry) };
  const requests = [requestOf(1), requestOf(2, { productId: "q" })];
  const { client, shown, posts } = await shownBatch(requests, { products });
  products.q.name = "another";
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words }));
  assert.deepEqual(statesOf(outcomes), { 1: "approved", 2: "changed" });
  assert.match(String(outcomes.find(({ id }) => id === idOf(2))?.error?.message), /product changed.*name/);
  assert.ok(posts().every(({ id }) => id !== idOf(2)));
});

test("what somebody else decided meanwhile is a conflict, with the request as it is", async () => {
  const { client, shown, held, postsTo } = await shownBatch(4, {
    // Of the third, after the client has looked.
    act: ({ method, id }) => {
      if (method === "POST" && id === idOf(3)) held.get(id).status = 16;
    },
  });
  Object.assign(held.get(idOf(2)), { status: 32, reason: "Rejected by Ben" });
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words, by }));
  assert.deepEqual(statesOf(outcomes), { 1: "approved", 2: "conflict", 3: "conflict", 4: "approved" });
  const states = [2, 3].map((n) => outcomes.find(({ id }) => id === idOf(n))?.signing?.state);
  assert.deepEqual(states, ["rejected", "signed"]);
  assert.deepEqual([postsTo(idOf(2)).length, postsTo(idOf(3)).length], [0, 1]);
});

test("one that this person may not decide about is forbidden, and the others go on", async () => {
  const { client, shown } = await shownBatch(4, {
    act: ({ method, id }) =>
      method === "POST" && id === idOf(3)
        ? new Response('{"message":"not yours"}', { status: 403 })
        : undefined,
  });
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words }));
  assert.deepEqual(statesOf(outcomes), { 1: "approved", 2: "approved", 3: "forbidden", 4: "approved" });
  assert.match(String(outcomes.find(({ id }) => id === idOf(3))?.error?.message), /not yours/);
});

test("a lost answer is settled by reading: this person's approval counts, and is never sent again", async (t) => {
  const time = fakeTime(t);
  const { client, shown, approve, posts, postsTo } = await shownBatch(5, {
    act: ({ method, id, nth }) => {
      if (method === "POST" && id === idOf(2)) {
        approve(String(id), "me");
        return lost();
      }
      // The service works on it for a while.
      if (method === "POST" && id === idOf(4)) return lost();
      if (method === "GET" && id === idOf(4) && nth === 4) approve(String(id), "me");
      return undefined;
    },
  });
  const outcomes = await time.until(all(approveBatch(client, shown, { confirm: shown.words, by })), asks);
  assert.deepEqual(statesOf(outcomes), Object.fromEntries(numbers(5).map((n) => [n, "approved"])));
  assert.equal(posts().length, 5);
  assert.deepEqual([postsTo(idOf(2)).length, postsTo(idOf(4)).length], [1, 1]);
});

test("what no reading explains stays doubtful, with the request as it is", async (t) => {
  const time = fakeTime(t);
  const { client, shown, approve, postsTo, asked } = await shownBatch(4, {
    act: ({ method, id }) => {
      if (method !== "POST") return undefined;
      if (id === idOf(2)) return lost();
      // Somebody else approves at the same time.
      if (id === idOf(3)) {
        approve(String(id), "another");
        return lost();
      }
      return undefined;
    },
  });
  const began = time.now();
  const outcomes = await time.until(all(approveBatch(client, shown, { confirm: shown.words, by })), asks);
  assert.deepEqual(statesOf(outcomes), { 1: "approved", 2: "doubtful", 3: "doubtful", 4: "approved" });
  assert.ok(time.now() - began >= 30_000, "the service may work on a call for as long as a call may take");
  const doubtful = outcomes.find(({ id }) => id === idOf(2));
  assert.deepEqual([doubtful?.error?.taken, doubtful?.signing?.state], ["maybe", "waiting"]);
  assert.deepEqual([postsTo(idOf(2)).length, postsTo(idOf(3)).length], [1, 1]);
  assert.deepEqual(
    outcomes.slice(0, 2).map(({ state }) => state),
    ["approved", "approved"],
    "the others do not wait",
  );

  asked.length = 0;
  const unknown = await shownBatch(1, { act: ({ method }) => (method === "POST" ? lost() : undefined) });
  const [outcome] = await time.until(
    all(approveBatch(unknown.client, unknown.shown, { confirm: unknown.shown.words })),
    asks,
  );
  assert.equal(outcome.state, "doubtful");
  assert.equal(
    unknown.asked.length,
    4,
    "who decides is not known: one look for the record, after look, product and POST",
  );
});

test("after a lost answer, a decision of somebody else is a conflict", async (t) => {
  const time = fakeTime(t);
  const { client, shown, held } = await shownBatch(1, {
    act: ({ method, id }) => {
      if (method !== "POST") return undefined;
      Object.assign(held.get(id), { status: 32, reason: "Rejected by Ben" });
      return lost();
    },
  });
  const [outcome] = await time.until(all(approveBatch(client, shown, { confirm: shown.words, by })), asks);
  assert.deepEqual([outcome.state, outcome.signing?.state], ["conflict", "rejected"]);
});

test("what is final already, approved by this person, or refused is not sent", async () => {
  const requests = [
    requestOf(1),
    requestOf(2, { status: 16 }),
    requestOf(3, { approvals: [{ objectId: "me" }] }),
    requestOf(4, { payload: { ...requestOf(4).payload, optionalParameters: [] } }),
  ];
  const { client, shown, posts } = await shownBatch(requests);
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words, by }));
  assert.deepEqual(statesOf(outcomes), { 1: "approved", 2: "notTried", 3: "approved", 4: "notTried" });
  assert.deepEqual(
    [2, 4].map((n) => outcomes.find(({ id }) => id === idOf(n))?.error?.code),
    ["conflict", "bad-reply"],
  );
  assert.deepEqual(
    posts().map(({ id }) => id),
    [idOf(1)],
  );
});

test("an outage pauses all, and ends by itself", async (t) => {
  const time = fakeTime(t);
  let left = 0;
  const { client, shown, posts } = await shownBatch(6, {
    act: () => {
      if (left === 0) return undefined;
      left -= 1;
      return new Response("{}", { status: 503, headers: { "retry-after": "7" } });
    },
  });
  left = 12;
  const began = time.now();
  const outcomes = await time.until(all(approveBatch(client, shown, { confirm: shown.words })), asks);
  assert.deepEqual(statesOf(outcomes), Object.fromEntries(numbers(6).map((n) => [n, "approved"])));
  assert.equal(posts().length, 6);
  assert.ok(time.now() - began >= 7_000, "as long as the service asked");
});

test("an outage that outlasts patience ends it: the rest was not tried", async (t) => {
  const time = fakeTime(t);
  let isDown = false;
  const { client, shown, posts } = await shownBatch(8, {
    act: ({ method, nth }) => {
      isDown ||= method === "POST" && nth === 1 && posts().length === 2;
      return isDown && method === "GET" ? new Response("{}", { status: 503 }) : undefined;
    },
  });
  const options = { confirm: shown.words, concurrency: 1, patienceMs: 60_000 };
  const began = time.now();
  const outcomes = await time.until(all(approveBatch(client, shown, options)), asks);
  const states = outcomes.map(({ state }) => state);
  assert.deepEqual(states, ["approved", "approved", ...Array(6).fill("notTried")]);
  assert.ok(time.now() - began < 3 * 60_000, "patience is one for all");
  for (const { error } of outcomes.slice(2)) assert.equal(error?.code, "server-error");
});

test("a machine that slept through the night saw no outage", async (t) => {
  const time = fakeTime(t);
  let sleptMs = 0;
  t.mock.method(performance, "now", () => time.now() + sleptMs);
  // The network goes before the machine sleeps, and comes a little after it wakes: two calls fail, of four tries each.
  const [sleeps, comes] = [6, 9];
  let failures = comes;
  const { client, shown, posts } = await shownBatch(6, {
    act: () => {
      if (failures === comes) return undefined;
      failures += 1;
      if (failures === sleeps) sleptMs = 8 * 60 * 60_000;
      return lost();
    },
  });
  failures = 0;
  const options = { confirm: shown.words, concurrency: 1, patienceMs: 5 * 60_000 };
  const outcomes = await time.until(all(approveBatch(client, shown, options)), asks);
  assert.deepEqual(statesOf(outcomes), Object.fromEntries(numbers(6).map((n) => [n, "approved"])));
  assert.deepEqual([failures, posts().length], [comes, 6]);
});

test("a token that is refused ends it: with the others it would be the same", async () => {
  const { client, shown, asked } = await shownBatch(20, {
    act: ({ method }) => (method === "POST" ? new Response("{}", { status: 401 }) : undefined),
  });
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words, concurrency: 1 }));
  const states = outcomes.map(({ state }) => state);
  assert.deepEqual(states, ["failed", ...Array(19).fill("notTried")]);
  for (const { error } of outcomes) assert.equal(error?.code, "unauthorized");
  assert.equal(asked.filter(({ method }) => method === "POST").length, 5);
});

test("one token that is refused ends nothing: the next one may be accepted", async () => {
  let posts = 0;
  const { client, shown } = await shownBatch(20, {
    act: ({ method }) => {
      if (method !== "POST") return undefined;
      posts += 1;
      return posts % 5 > 0 && posts < 60 ? new Response("{}", { status: 401 }) : undefined;
    },
  });
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words, concurrency: 1 }));
  assert.deepEqual(statesOf(outcomes), Object.fromEntries(numbers(20).map((n) => [n, "approved"])));
});

test("an abort stops at once: what was approved, what is in doubt, and what was not tried", async () => {
  const controller = new AbortController();
  const { client, shown, posts } = await shownBatch(9, {
    act: ({ method }) => {
      if (method === "POST" && posts().length === 4) controller.abort();
    },
  });
  const options = { confirm: shown.words, by, signal: controller.signal, concurrency: 2 };
  const outcomes = await all(approveBatch(client, shown, options));
  assert.equal(outcomes.length, 9, "each has an outcome");
  const count = (/** @type {string} */ state) => outcomes.filter((one) => one.state === state).length;
  assert.equal(count("approved") + count("doubtful"), posts().length);
  assert.ok(count("approved") >= 2 && count("notTried") >= 5, JSON.stringify(statesOf(outcomes)));
  for (const { state, error } of outcomes) {
    if (state === "doubtful") assert.equal(error?.taken, "maybe");
    if (state === "notTried") assert.equal(error?.code, "aborted");
  }
  const early = await shownBatch(3);
  const none = await all(
    approveBatch(early.client, early.shown, { confirm: early.shown.words, signal: AbortSignal.abort() }),
  );
  assert.deepEqual(
    none.map(({ state }) => state),
    Array(3).fill("notTried"),
  );
  assert.equal(early.asked.length, 0);
});

test("who reads on no more sends no more", async () => {
  const { client, shown, posts } = await shownBatch(50);
  for await (const { state } of approveBatch(client, shown, { confirm: shown.words })) {
    assert.equal(state, "approved");
    break;
  }
  const sent = posts().length;
  assert.ok(sent < 10, `${sent} were sent`);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(posts().length, sent);
});

test("a rejection has one comment for all, and also ends what cannot be approved", async () => {
  const requests = [
    requestOf(1),
    requestOf(2, { payload: { ...requestOf(2).payload, optionalParameters: [] } }),
  ];
  const { client, shown, held, posts } = await shownBatch(requests);
  const outcomes = await all(rejectBatch(client, shown, { confirm: shown.words, comment: "another build" }));
  assert.deepEqual(statesOf(outcomes), { 1: "rejected", 2: "rejected" });
  assert.deepEqual(
    posts().map(({ body }) => body.comment),
    ["another build", "another build"],
  );
  assert.ok(posts().every(({ body, id }) => body.expect.name === held.get(id).name));
});

test("a lost answer to a rejection is settled by the reason that the request shows", async (t) => {
  const time = fakeTime(t);
  const { client, shown, held, posts } = await shownBatch(3, {
    act: ({ method, id, body }) => {
      if (method !== "POST") return undefined;
      if (id === idOf(1))
        Object.assign(held.get(id), { status: 32, reason: `Rejected by Ann: ${body.comment}` });
      if (id === idOf(2)) Object.assign(held.get(id), { status: 32, reason: "Rejected by Ben: mistaken" });
      return lost();
    },
  });
  const options = { confirm: shown.words, comment: "another build" };
  const outcomes = await time.until(all(rejectBatch(client, shown, options)), asks);
  assert.deepEqual(statesOf(outcomes), { 1: "rejected", 2: "conflict", 3: "doubtful" });
  assert.equal(posts().length, 3);
});

for (const [what, options] of /** @type {[string, object][]} */ ([
  ["a typing mistake", { coment: "a" }],
  ["a comment that is no text", { comment: 7 }],
  ["a signal that is none", { signal: {} }],
  ["a progress that is no function", { onProgress: 1 }],
  ["no concurrency", { concurrency: 0 }],
  ["half a concurrency", { concurrency: 1.5 }],
  ["negative patience", { patienceMs: -1 }],
  ["a person who is a text", { by: "me" }],
])) {
  test(`${what}: refused before anything is asked`, async () => {
    const { client, shown, asked } = await shownBatch(1);
    const wrong = /** @type {any} */ ({ confirm: shown.words, ...options });
    await assert.rejects(all(approveBatch(client, shown, wrong)), { code: "bad-input" });
    assert.equal(asked.length, 0);
  });
}

test("200 requests: each exactly once", async () => {
  const { client, shown, posts, most } = await shownBatch(200);
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words, concurrency: 8 }));
  assert.equal(new Set(outcomes.map(({ id }) => id)).size, 200);
  assert.ok(outcomes.every(({ state }) => state === "approved"));
  assert.equal(new Set(posts().map(({ id }) => id)).size, 200);
  assert.equal(posts().length, 200);
  assert.ok(most() <= 8);
});
