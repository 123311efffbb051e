// A product's life: which states stop a request, in which spelling, and which say nothing?
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildSigningRequest, checkUsable, productChanges } from "ocisign";
import { productOf } from "../support/fake-service.js";
import { answer, fake, signed } from "../support/scripted-fetch.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
/** @param {unknown} state @returns {any} */
const inState = (state) => ({ ...productOf("registry.example"), state });

const notReady = [
  ...["New", "InProcess", "Rejected", "Failed", "To Be Deleted", "Deleted"],
  ...["NEW", "in process", "IN_PROCESS", "In-Process", "rejected", "FAILED", "ToBeDeleted", "TO_BE_DELETED"],
  ...["to-be-deleted", " Deleted ", "deleted"],
];
const usable = ["Ready", "READY", "ready", " Ready ", undefined, null, ""];
// Nothing is known of these, so nothing follows from them.
const unknown = [
  "Archived",
  "Not Deleted",
  "Renewed",
  "0",
  0,
  3,
  16,
  true,
  false,
  [],
  ["New"],
  { name: "New" },
];

for (const state of notReady) {
  test(`${JSON.stringify(state)} stops a request before it is sent`, async () => {
    const error = { code: "product-not-ready", message: /not ready: its state is/ };
    assert.throws(() => checkUsable(inState(state)), error);
    assert.throws(() => buildSigningRequest({ product: inState(state), artifact: image }), error);
    const { client, calls } = fake([answer(inState(state)), signed]);
    await assert.rejects(client.requestSigning({ productId: "p", operationId: "o", artifact: image }), error);
    assert.equal(calls.length, 1);
  });
}

for (const state of [...usable, ...unknown]) {
  test(`${JSON.stringify(state)} stops nothing`, async () => {
    checkUsable(inState(state));
    const { client } = fake([answer(inState(state)), signed]);
    const { id } = await client.requestSigning({ productId: "p", artifact: image });
    assert.equal(id, "r1");
  });
}

test("a product that is switched off is refused as that, whatever its state", () => {
  for (const state of ["Ready", "Deleted", 7]) {
    assert.throws(() => checkUsable({ ...inState(state), enabled: false }), { code: "product-disabled" });
  }
  for (const none of [undefined, null, 7, "product", []]) {
    assert.throws(() => checkUsable(/** @type {any} */ (none)), { code: "bad-input" });
  }
});

test("an approver who saw a product that was ready hears that it is not any more", () => {
  assert.deepEqual(productChanges(inState("Ready"), inState("To Be Deleted"), "o"), [
    { path: "product.state", before: "Ready", after: "To Be Deleted" },
  ]);
});
