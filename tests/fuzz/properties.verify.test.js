// Nothing random ever verifies: not bytes, not manifests with everything in its place but the signature, not what a key
// signed of another image.
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { verifySignatures } from "ocisign";
import {
  bundleLayer,
  image,
  keyPair,
  manifestOf,
  payloadFor,
  reference,
  simpleLayer,
} from "../support/signatures.js";
import { holds } from "./holds.js";

const property = (/** @type {string} */ what, /** @type {any} */ it) => holds(import.meta.url, what, it, 150);
const pairs = [keyPair("P-256"), keyPair("P-384"), keyPair("P-521"), keyPair("rsa")];
const keys = pairs.map(({ pem }) => pem);
const pair = fc.constantFrom(...pairs);
const bytes = fc.uint8Array({ maxLength: 600 });
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);

/** @param {Uint8Array} manifest @param {Uint8Array} blob */
async function stateOf(manifest, blob) {
  const given = Uint8Array.from(blob);
  const { state, signatures } = await verifySignatures({
    reference,
    keys,
    manifest: Uint8Array.from(manifest),
    blob: () => given,
  });
  if (state !== "verified") for (const { verified } of signatures) assert.equal(verified, false);
  return state;
}

property(
  "random bytes verify nothing",
  fc.asyncProperty(bytes, bytes, async (manifest, blob) =>
    assert.equal(await stateOf(manifest, blob), "invalid"),
  ),
);

property(
  "random signatures verify nothing",
  fc.asyncProperty(
    fc.uint8Array({ minLength: 1, maxLength: 512 }),
    pair,
    async (signature, { privateKey }) => {
      const payload = Buffer.from(JSON.stringify(payloadFor()));
      const layer = simpleLayer(privateKey, payload, {
        signature: Buffer.from(signature).toString("base64"),
      });
      assert.equal(await stateOf(manifestOf(layer), payload), "invalid");
      const { bytes: bundle, layer: named } = bundleLayer(privateKey, {
        around: (made) => {
          made.dsseEnvelope.signatures[0].sig = Buffer.from(signature).toString("base64");
        },
      });
      assert.equal(await stateOf(manifestOf({ ...named, size: bundle.length }), bundle), "invalid");
    },
  ),
);

property(
  "what a key signed of any other image, or of any other text, verifies nothing; what it signed of this one does",
  fc.asyncProperty(pair, digest, bytes, async ({ privateKey }, other, text) => {
    fc.pre(other !== image.digest);
    for (const signed of [Buffer.from(JSON.stringify(payloadFor({ digest: other }))), Buffer.from(text)]) {
      assert.equal(await stateOf(manifestOf(simpleLayer(privateKey, signed)), signed), "invalid");
    }
    const { bytes: bundle, layer } = bundleLayer(privateKey, { digest: other });
    assert.equal(await stateOf(manifestOf(layer), bundle), "invalid");
    const payload = Buffer.from(JSON.stringify(payloadFor()));
    assert.equal(await stateOf(manifestOf(simpleLayer(privateKey, payload)), payload), "verified");
  }),
);

property(
  "what a stranger's key signed of this image verifies nothing",
  fc.asyncProperty(fc.constantFrom("sha256", "sha384", "sha512"), async (hash) => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const payload = Buffer.from(JSON.stringify(payloadFor()));
    const signature = sign(hash, payload, privateKey).toString("base64");
    assert.equal(
      await stateOf(manifestOf(simpleLayer(privateKey, payload, { signature })), payload),
      "invalid",
    );
  }),
);
