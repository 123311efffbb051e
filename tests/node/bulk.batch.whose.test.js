// After a lost answer: whose rejection does a request show?
import assert from "node:assert/strict";
import { test } from "node:test";
import { approveBatch, readBatch, rejectBatch } from "ocisign";
import { all, batchService, idOf, requestOf } from "../support/batch-service.js";
import { fakeTime } from "../support/fake-time.js";

const me = { objectId: "7c4e3b1a-0000-4000-8000-00000000000a" };
const by = (/** @type {unknown} */ who) => ({ history: [{ status: 2 }, { status: 32, by: who }] });

for (const [
  what,
  comment,
  shows,
  state,
] of /** @type {[string, string, Record<string, unknown>, string][]} */ ([
  ["the comment alone", "no", { reason: "no" }, "rejected"],
  ["the comment behind a colon", "no", { reason: "Rejected by Ann: no" }, "rejected"],
  ["the comment with white space", " no ", { reason: "Rejected:\n no\n" }, "rejected"],
  ["a part of another's words", "no", { reason: "Rejected: this is not what was announced" }, "conflict"],
  ["the end of another's words", "no", { reason: "Rejected: certainly no" }, "conflict"],
  ["another's words that quote it", "no", { reason: "Ben said: no, wait" }, "conflict"],
  ["no reason", "no", { reason: undefined }, "rejected"],
  ["an empty reason", "no", { reason: "" }, "rejected"],
  ["this person, in other words", "no", { reason: "Abgelehnt", ...by(me) }, "rejected"],
  [
    "this person, in another spelling",
    "no",
    { reason: "?", ...by({ objectId: me.objectId.toUpperCase() }) },
    "rejected",
  ],
  [
    "somebody else with the same comment",
    "no",
    { reason: "Rejected: no", ...by({ objectId: "ben" }) },
    "conflict",
  ],
  ["somebody else without a word", "no", { reason: undefined, ...by({ objectId: "ben" }) }, "conflict"],
  ["somebody by a name only", "no", { reason: "Rejected: no", ...by({ name: "Ann" }) }, "rejected"],
  ["a history that is none", "no", { reason: "Rejected: no", history: "long" }, "rejected"],
])) {
  test(`a request that shows ${what}: ${state}`, async (t) => {
    const time = fakeTime(t);
    const { client, held, posts } = batchService([requestOf(1)], {
      act: ({ method, id }) => {
        if (method !== "POST") return undefined;
        Object.assign(held.get(id), { status: 32, ...shows });
        throw new TypeError("fetch failed");
      },
    });
    const shown = await readBatch(client, { batch: "nightly" });
    const options = { confirm: shown.words, comment, by: me };
    const outcomes = await time.until(all(rejectBatch(client, shown, options)));
    assert.deepEqual(
      outcomes.map(({ id, state }) => [id, state]),
      [[idOf(1), state]],
    );
    assert.equal(posts().length, 1);
  });
}

/** @type {import("ocisign").Profile} */
const profile = {
  statuses: { 2: "waiting", 4: "approved", 8: "signing", 16: "signed", 32: "rejected", 64: "failed" },
};
const mine = { approvals: [{ objectId: me.objectId }] };

test("one that this person approved, and somebody rejected since, does not count as approved", async () => {
  const { client, posts } = batchService([requestOf(1), requestOf(2, { ...mine, status: 32 })]);
  const shown = await readBatch(client, { batch: "nightly" });
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words, by: me }));
  assert.deepEqual(outcomes.map(({ id, state, error }) => [id, state, error?.code]).sort(), [
    [idOf(1), "approved", undefined],
    [idOf(2), "notTried", "conflict"],
  ]);
  assert.equal(posts().length, 1);
});

test("nor one of which the answer was lost, and which shows both", async (t) => {
  const time = fakeTime(t);
  const { client, held } = batchService([requestOf(1)], {
    act: ({ method, id }) => {
      if (method !== "POST") return undefined;
      Object.assign(held.get(id), { ...mine, status: 32, reason: "Rejected by Ben" });
      throw new TypeError("fetch failed");
    },
  });
  const shown = await readBatch(client, { batch: "nightly" });
  const outcomes = await time.until(all(approveBatch(client, shown, { confirm: shown.words, by: me })));
  assert.deepEqual(
    outcomes.map(({ state }) => state),
    ["conflict"],
  );
});

for (const [what, decide, answer, later, state] of /** @type {const} */ ([
  ["an approval: rejected", approveBatch, 32, 32, "conflict"],
  ["an approval: rejected, and waiting in truth", approveBatch, 32, 2, "doubtful"],
  ["an approval: failed", approveBatch, 64, 64, "approved"],
  ["a rejection: signed", rejectBatch, 16, 16, "conflict"],
  ["a rejection: being signed", rejectBatch, 8, 8, "doubtful"],
  ["a rejection: approved, and rejected in truth", rejectBatch, 4, 32, "rejected"],
  ["a rejection: a code that nobody explained", rejectBatch, 99, 99, "rejected"],
])) {
  test(`what the service answers is not passed over. To ${what}: ${state}`, async (t) => {
    const time = fakeTime(t);
    const act = (/** @type {any} */ { method, id }) => {
      if (method !== "POST") return undefined;
      const request = Object.assign(held.get(id), { status: later });
      return new Response(JSON.stringify({ ...request, status: answer }));
    };
    const { client, held, posts } = batchService([requestOf(1)], { act }, { profile });
    const shown = await readBatch(client, { batch: "nightly" });
    const options = { confirm: shown.words, comment: "no", by: me };
    /** @type {{ state: string }[]} */
    const outcomes = await time.until(
      all(/** @type {typeof rejectBatch} */ (decide)(client, shown, options)),
    );
    assert.deepEqual(
      outcomes.map((outcome) => outcome.state),
      [state],
    );
    assert.equal(posts().length, 1, "it is not sent again");
  });
}
