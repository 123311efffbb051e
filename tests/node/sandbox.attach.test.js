// Signatures that were made elsewhere, attached in the sandbox's registry.
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { test } from "node:test";
import { attachSignature, simpleSigningPayload, verifyImage, waitAndVerify } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { prove } from "../support/proof.js";
import { productFor, quick } from "../support/sandbox.js";
import { keyPair } from "../support/signatures.js";
import { as, registry, sandbox } from "../support/signing-sandbox.js";

test("a signature that was made elsewhere is attached beside those that are there", async () => {
  const target = `${sandbox.registry.domain}/team/attached@${await pushImage(registry, "team/attached")}`;
  const [username, password] = [String(sandbox.registry.username), String(sandbox.registry.password)];
  const access = { registry: { username, password } };
  const made = await as("requester").createProduct(productFor(sandbox, { name: "hsm", approvalGroups: [] }));
  const request = await as("requester").requestSigning({ productId: made.id, artifact: target });
  const { publicKey: first } = await waitAndVerify(as("requester"), request.id, quick);

  const keys = [keyPair("rsa", 4096), keyPair("P-256")];
  for (const [index, key] of keys.entries()) {
    const { text } = simpleSigningPayload(target);
    const signature = sign("sha256", Buffer.from(text), key.privateKey);
    for (const spelling of [signature, signature.toString("base64")]) {
      const attached = await attachSignature(target, { signature: spelling, publicKey: key.pem, ...access });
      assert.equal(attached.signatures, index + 2, "twice is once");
    }
    await prove(registry, target, key.pem);
  }
  assert.ok(first);
  const all = { keys: [first, ...keys.map(({ pem }) => pem)], threshold: 3 };
  const verification = await verifyImage(target, all);
  assert.equal(verification.state, "verified", verification.reason);
  const wrong = { signature: Buffer.from("x"), publicKey: keys[0].pem };
  await assert.rejects(attachSignature(target, { ...wrong, ...access }), { code: "bad-signature" });
  const { text } = simpleSigningPayload(target);
  const late = keyPair("P-384");
  const anonymous = { signature: sign("sha256", Buffer.from(text), late.privateKey), publicKey: late.pem };
  await assert.rejects(attachSignature(target, anonymous), { code: "unauthorized" });
});
