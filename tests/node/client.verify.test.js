// A wait together with the verification of what was signed, against the real sandbox.
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitAndVerify } from "ocisign";
import { productFor, quick } from "../support/sandbox.js";
import { as, image, product, sandbox } from "../support/signing-sandbox.js";

test("one call waits and verifies, and says what the registry holds", async () => {
  const made = await as("requester").createProduct(
    productFor(sandbox, { name: "verified", approvalGroups: [] }),
  );
  const request = await as("requester").requestSigning({ productId: made.id, artifact: image });
  const { signing, publicKey: key, verification } = await waitAndVerify(as("requester"), request.id, quick);
  assert.equal(signing.state, "signed");
  assert.equal(verification?.state, "verified", verification?.reason);
  assert.deepEqual(verification?.keys, [key?.fingerprint]);

  const rejected = await as("requester").requestSigning({ productId: product.id, artifact: image });
  await as("approver-one").reject(rejected.id, { comment: "no" });
  const nothing = await waitAndVerify(as("requester"), rejected.id, quick);
  assert.deepEqual([nothing.signing.state, nothing.verification], ["rejected", undefined]);
});
