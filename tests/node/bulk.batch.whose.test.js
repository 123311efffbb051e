// After a lost answer: whose rejection does a request show?
import assert from "node:assert/strict";
import { test } from "node:test";
import { readBatch, rejectBatch } from "ocisign";
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
