// Who may decide, as the page foresees it, compared with what the sandbox then does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { foresee, viewOf } from "../support/elements-model.js";
import { groupA, groupB, productFor } from "../support/sandbox.js";
import { as, image, sandbox } from "../support/signing-sandbox.js";

const roles = ["requester", "approver-one", "approver-two", "outsider", "admin"];
const obstacles = {
  "self-approval": "own-request",
  "already-approved": "already-approved",
  "not-an-approver": "not-an-approver",
  "group-already-approved": "group-already-approved",
  "not-waiting": "not-waiting",
};
/** What comes of an approval without any client: the sandbox's own word. */
async function approve(role, id) {
  const reply = await fetch(`${sandbox.base}/imagesignings/${id}/approve`, {
    method: "POST",
    headers: { authorization: `Bearer ${sandbox.person(role).token}` },
  });
  const body = await reply.json();
  return reply.ok ? { leaves: body.missingGroups } : { obstacle: obstacles[body.code] ?? body.code };
}
/** @type {Record<string, { approvalGroups: string[], approvals?: string }>} */
const rules = {
  "one group": { approvalGroups: [groupA] },
  "two groups": { approvalGroups: [groupA, groupB] },
  "a group twice": { approvalGroups: [groupB, groupB.toUpperCase()] },
  "any of two groups": { approvalGroups: [groupA, groupB], approvals: "any" },
};

for (const [rule, { approvalGroups, ...more }] of Object.entries(rules)) {
  test(`${rule}: everybody, one after the other`, async () => {
    const definition = productFor(sandbox, { approvalGroups });
    Object.assign(definition.productOperations[0]?.approvalRule ?? {}, more);
    const product = await as("requester").createProduct(definition);
    for (const first of roles) {
      const { id } = await as("requester").requestSigning({ product, artifact: image });
      for (const role of [first, ...roles]) {
        const view = viewOf(await as("requester").signing(id));
        const { known, obstacle, leaves } = foresee(view, sandbox.person(role));
        assert.ok(known);
        const actual = await approve(role, id);
        // Whoever never may is told so by the sandbox even when nothing waits any more.
        if (obstacle === "not-waiting") assert.ok(actual.obstacle, `${first}, ${role}`);
        else
          assert.deepEqual(
            { obstacle, leaves },
            { obstacle: undefined, leaves: undefined, ...actual },
            `${first}, ${role}`,
          );
      }
    }
  });
}

test("too little is known: the service decides", () => {
  const view = viewOf({ id: "1", status: 2, state: "waiting", code: 2, final: false });
  assert.deepEqual(foresee(view, { groups: [groupA] }), { known: false, mayReject: true });
  assert.deepEqual(foresee(view, undefined), { known: false, mayReject: true });
});

test("a service that shows object ids only knows people by them", () => {
  const [mine, other] = ["3c58e1f4-7d29-4a63-b1f0-82c4d6e7b933", "109876543210987654321"];
  const view = (/** @type {object} */ shown) =>
    viewOf({
      id: "1",
      status: 2,
      state: "waiting",
      code: 2,
      final: false,
      requiredGroups: [groupA, groupB],
      ...shown,
    });
  const person = { objectId: mine, groups: [groupA] };
  const obstacle = (/** @type {object} */ shown) => foresee(view(shown), person).obstacle;
  assert.equal(obstacle({ requester: mine }), "own-request");
  assert.equal(obstacle({ requester: other }), undefined);
  assert.equal(obstacle({ requester: other, approvals: [mine] }), "already-approved");
  assert.deepEqual(view({ requester: other }).requester, { name: other, objectId: other });
  assert.deepEqual(view({ requester: "Ann B" }).requester, { name: "Ann B" }, "a name is none");
});

test("where the service says otherwise, or something that is not known, no other approval is foreseen", () => {
  const me = { objectId: "me", groups: [groupA] };
  for (const [
    what,
    shown,
    known,
    leaves,
  ] of /** @type {[string, object, boolean, string[] | undefined][]} */ ([
    ["nothing more", {}, true, [groupB]],
    ["the same groups as missing", { missingGroups: [groupB.toUpperCase(), groupA] }, true, [groupB]],
    ["that another group approved, by nobody", { missingGroups: [groupA] }, true, []],
    ["that another person's group is missing alone", { missingGroups: [groupB] }, false, undefined],
    ["that nothing is missing", { missingGroups: [] }, false, undefined],
    ["another group as missing", { missingGroups: [groupA, groupB, "c"] }, true, undefined],
    ["an approval without its groups", { approvals: [{ objectId: "ben" }] }, false, undefined],
    [
      "an approval without its groups, and who is missing",
      { approvals: [{ objectId: "ben" }], missingGroups: [groupA] },
      true,
      [],
    ],
    [
      "an approval with its groups",
      { approvals: [{ objectId: "ben", groups: [groupB] }], missingGroups: [groupA] },
      true,
      [],
    ],
    ["that any group is enough", { requiredApprovals: "any" }, true, []],
    [
      "that every group has to",
      { requiredApprovals: "every", missingGroups: [groupA, groupB] },
      true,
      [groupB],
    ],
    ["a number of approvals", { requiredApprovals: 1 }, false, undefined],
    ["a rule that nobody knows", { requiredApprovals: "majority" }, false, undefined],
  ])) {
    const status = { status: 2, state: "waiting", code: 2, final: false };
    const seen = foresee(viewOf({ id: "1", ...status, requiredGroups: [groupA, groupB], ...shown }), me);
    assert.deepEqual([seen.known, seen.leaves, seen.obstacle], [known, leaves, undefined], what);
    assert.ok(seen.mayReject, what);
  }
});

test("one person stands for one group, and for the one that lets most be covered", () => {
  const view = (/** @type {object[]} */ approvals) =>
    viewOf({
      id: "1",
      status: 2,
      code: 2,
      state: "waiting",
      final: false,
      requiredGroups: [groupA, groupB],
      approvals,
    });
  const both = { objectId: "both", groups: [groupA, groupB] };
  assert.deepEqual(foresee(view([]), both).leaves, [groupB]);
  assert.deepEqual(foresee(view([both]), { objectId: "a", groups: [groupA] }).leaves, []);
});
