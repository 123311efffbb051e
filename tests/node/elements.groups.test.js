// What does a token say of its person's groups, and what is foreseen where it says nothing?
import assert from "node:assert/strict";
import { test } from "node:test";
import { claimedGroups, foresee, viewOf } from "../support/elements-model.js";
import { groupA, groupB } from "../support/sandbox.js";

const request = (/** @type {object} */ changes = {}) =>
  viewOf({
    id: "1",
    status: 2,
    code: 2,
    state: "waiting",
    final: false,
    requiredGroups: [groupA, groupB],
    requester: { objectId: "requester", name: "Requester" },
    approvals: [],
    ...changes,
  });

test("a claim that is missing, elsewhere or no list of texts leaves the groups unknown", () => {
  const overage = {
    _claim_names: { groups: "src1" },
    _claim_sources: { src1: { endpoint: "https://graph" } },
  };
  for (const claims of [
    {},
    { groups: undefined },
    { groups: null },
    { groups: groupA },
    { groups: { 0: groupA, length: 1 } },
    { groups: [1, 2] },
    { groups: [groupA, { id: groupB }] },
    overage,
    { ...overage, groups: [] },
    { hasgroups: true },
    { hasgroups: true, groups: [] },
    { hasgroups: "true" },
    undefined,
    null,
    "text",
  ]) {
    assert.equal(claimedGroups(claims), undefined, JSON.stringify(claims));
  }
  assert.deepEqual(claimedGroups({ groups: [] }), []);
  assert.deepEqual(claimedGroups({ groups: [groupA], hasgroups: false, _claim_names: {} }), [groupA]);
});

test("unknown groups hinder nobody; none do", () => {
  for (const groups of [undefined, null, "x", 7, {}, [7], [groupA, 7]]) {
    const person = /** @type {any} */ ({ objectId: "me", groups });
    assert.deepEqual(foresee(request(), person), { known: false, mayReject: true }, JSON.stringify(groups));
  }
  assert.equal(foresee(request(), { objectId: "me", groups: [] }).obstacle, "not-an-approver");
});

test("what is known without any groups is foreseen", () => {
  const own = foresee(request(), { objectId: "requester" });
  assert.deepEqual([own.obstacle, own.mayReject], ["own-request", true]);
  const approvals = [{ objectId: "me", name: "Me", groups: [groupA] }];
  assert.equal(foresee(request({ approvals }), { objectId: "me" }).obstacle, "already-approved");
  assert.equal(foresee(request({ approvals }), { objectId: "other" }).obstacle, undefined);
  const closed = foresee(request({ state: "rejected", final: true }), { objectId: "me" });
  assert.equal(closed.obstacle, "not-waiting");
});

test("a requester who is an object id alone is known again", () => {
  const id = "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922";
  for (const requester of [id, id.toUpperCase(), { objectId: id }]) {
    const seen = foresee(request({ requester }), { objectId: id, groups: [groupA] });
    assert.equal(seen.obstacle, "own-request", JSON.stringify(requester));
  }
});

test("a status that nobody explained is offered, and never as certain", () => {
  const seen = foresee(request({ state: "unknown" }), { objectId: "me", groups: [groupA] });
  assert.deepEqual([seen.known, seen.obstacle, seen.leaves], [false, undefined, [groupB]]);
});
