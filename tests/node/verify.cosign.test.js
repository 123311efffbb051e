// Signatures that cosign made.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { verifySignatures } from "ocisign";
import { other } from "../support/proving.js";

const cosign = new URL("../fixtures/cosign/", import.meta.url);

for (const name of readdirSync(cosign)) {
  const read = (file) => readFileSync(new URL(`${name}/${file}`, cosign));
  const about = JSON.parse(String(read("case.json")));
  const options = {
    manifest: read("manifest.json"),
    blob: read("blob"),
    publicKey: read("key.pem").toString(),
  };

  test(`${name}, made by ${about.signer}, verifies, and nothing else of it does`, async () => {
    const verified = await verifySignatures({ reference: about.reference, ...options });
    assert.equal(verified.state, "verified", verified.reason);
    const [signature] = verified.signatures;
    const isBundle = about.format.startsWith("bundle");
    assert.equal(signature.format, isBundle ? "bundle" : "simple-signing");
    assert.equal(signature.repositoryBound, !isBundle);
    assert.equal(signature.hash, about.hash.replace("sha", "SHA-"));
    assert.deepEqual(verified.keys, [signature.key]);

    const anotherKey = await verifySignatures({
      reference: about.reference,
      ...options,
      publicKey: other.pem,
    });
    assert.equal(anotherKey.state, "invalid");
    const anotherImage = await verifySignatures({
      ...options,
      reference: about.reference.replace(/[0-9a-f]{4}$/, "0000"),
    });
    assert.equal(anotherImage.state, "invalid");
    assert.match(anotherImage.reason, /another image/);
    const elsewhere = await verifySignatures({
      ...options,
      reference: about.reference.replace("fixtures/", "evil/"),
    });
    assert.equal(elsewhere.state, isBundle ? "verified" : "invalid");
    const strict = await verifySignatures({
      reference: about.reference,
      ...options,
      requireRepository: true,
    });
    assert.equal(strict.state, isBundle ? "invalid" : "verified");

    const changed = Buffer.from(options.blob);
    changed[changed.length >> 1] ^= 1;
    assert.equal(
      (await verifySignatures({ reference: about.reference, ...options, blob: changed })).state,
      "invalid",
    );
  });
}
