// Signatures, payloads, bundles and manifests that are changed at random.
import assert from "node:assert/strict";
import { verify as nodeVerify, sign } from "node:crypto";
import { test } from "node:test";
import { verifySignatures } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { annotation, good, goodLayer, rsa } from "../support/proving.js";
import { mutated, newSeed, randomNumbers } from "../support/random.js";
import {
  bundleDescriptor,
  bundleLayer,
  dsseMessage,
  keyPair,
  manifestOf,
  reference,
  simpleLayer,
  statementFor,
} from "../support/signatures.js";

const seed = newSeed();
const rounds = 500;
const ec = keyPair("P-256");
/** Each makes something changed, and knows whether it may still hold. */
const made = {
  payload: (random) => {
    const blob = mutated(good, random);
    const layer = { ...goodLayer, digest: digestOf(blob), size: blob.length };
    return { manifest: manifestOf(layer), blob, holds: () => blob.equals(good) };
  },
  bundle: (random) => {
    const blob = mutated(bundleLayer(rsa.privateKey).bytes, random);
    const holds = () => {
      const { payload: statement, payloadType, signatures } = JSON.parse(String(blob)).dsseEnvelope;
      const message = dsseMessage(Buffer.from(statement, "base64"), payloadType);
      const signature = Buffer.from(signatures[0].sig, "base64");
      return (
        Buffer.from(statement, "base64").equals(Buffer.from(JSON.stringify(statementFor()))) &&
        nodeVerify("sha256", message, rsa.publicKey, signature)
      );
    };
    return { manifest: manifestOf(bundleDescriptor(blob)), blob, holds };
  },
  manifest: (random) => {
    const manifest = mutated(manifestOf(goodLayer), random);
    const holds = () =>
      JSON.parse(String(manifest)).layers.some(
        ({ digest, size, mediaType, annotations }) =>
          digest === goodLayer.digest &&
          size === goodLayer.size &&
          mediaType === goodLayer.mediaType &&
          annotations[annotation].replaceAll(/[\r\n]/g, "") === goodLayer.annotations[annotation],
      );
    return { manifest, blob: good, holds };
  },
  signature: (random) => {
    const right = Buffer.from(goodLayer.annotations[annotation], "base64");
    const wrong = mutated(right, random);
    const layer = simpleLayer(rsa.privateKey, good, { signature: wrong.toString("base64") });
    return { manifest: manifestOf(layer), blob: good, holds: () => wrong.equals(right) };
  },
  "EC signature": (random) => {
    const right = sign("sha256", good, ec.privateKey);
    const wrong = mutated(right, random);
    const layer = simpleLayer(ec.privateKey, good, { signature: wrong.toString("base64") });
    return { manifest: manifestOf(layer), blob: good, holds: () => wrong.equals(right) };
  },
};

for (const [what, make] of Object.entries(made)) {
  test(`a ${what} changed at random verifies only where nothing that counts was changed`, async (t) => {
    t.diagnostic(`OCISIGN_SEED=${seed}`);
    const random = randomNumbers(seed);
    for (let round = 0; round < rounds; round++) {
      const { manifest, blob, holds } = make(random);
      // A signature is never "unsigned", and what was changed is never an exception.
      const { state } = await verifySignatures({
        reference,
        keys: [rsa.pem, ec.pem],
        manifest,
        blob: () => blob,
      });
      assert.ok(["verified", "invalid"].includes(state), `OCISIGN_SEED=${seed} round ${round}: ${state}`);
      if (state === "verified")
        assert.ok(holds(), `OCISIGN_SEED=${seed} round ${round}: ${blob}\n${manifest}`);
    }
  });
}
