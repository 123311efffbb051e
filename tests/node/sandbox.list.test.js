// Lists of requests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { productFor } from "../support/sandbox.js";
import { as, image, sandbox } from "../support/signing-sandbox.js";

test("a list shows each request with its own approvals and steps, as it is shown alone", async () => {
  const made = await as("requester").createProduct(productFor(sandbox, { name: "listed" }));
  const ids = [];
  for (const name of ["untouched", "approved once", "rejected"]) {
    const { id } = await as("requester").requestSigning({ productId: made.id, artifact: image, name });
    ids.push(id);
  }
  await as("approver-one").approve(ids[1], { comment: "first" });
  await as("approver-two").approve(ids[2], { comment: "second" });
  await as("approver-one").reject(ids[2], { comment: "third" });

  const listed = await as("requester").signings({ productId: made.id });
  assert.deepEqual(listed, await Promise.all(ids.toReversed().map((id) => as("outsider").signing(id))));
  const comments = listed.map(({ approvals }) => approvals?.map(({ comment }) => comment));
  assert.deepEqual(comments, [["second"], ["first"], []]);
  const steps = listed.map(({ history }) =>
    /** @type {{ status: number }[]} */ (history).map(({ status }) => status),
  );
  assert.deepEqual(steps, [
    [1, 2, 32],
    [1, 2],
    [1, 2],
  ]);
  const two = await as("requester").signings({ productId: made.id, limit: 2, offset: 1 });
  assert.deepEqual(two, listed.slice(1));
});
