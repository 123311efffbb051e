// Where exactly do the limits of proofs stand? What is just within one counts, and what is just beyond does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError } from "ocisign";
import { forms, layerOf, putUnderTag, slsa } from "../support/attested.js";
import {
  descriptor,
  digest,
  indexOf,
  registry,
  repository,
  rsa,
  signByTag,
  sigTag,
  verify,
} from "../support/image-in-registry.js";
import { good, goodLayer, refused, verify as verifyLayer } from "../support/proving.js";
import { keyPair, manifestOf, simpleLayer } from "../support/signatures.js";

test("a signature of a mebibyte is asked for, and of one byte more is not", async () => {
  const most = 1024 * 1024;
  await refused(verifyLayer({ ...goodLayer, size: most }, good), "blob", /bytes, the manifest says 1048576/);
  const larger = verifyLayer({ ...goodLayer, size: most + 1 }, good);
  await refused(larger, "manifest", /1048577 bytes; a signature has at most 1048576/);
});

test("nothing becomes an attestation by its size, or by an annotation, where that cannot be", async () => {
  const annotations = { ...goodLayer.annotations, "dev.sigstore.bundle.predicateType": slsa };
  const large = { ...goodLayer, size: 2 ** 20 + 1, annotations };
  const mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
  // What a caller has in hand is a signature, or nothing that counts.
  for (const layer of [large, { ...large, mediaType }])
    await refused(verifyLayer(layer, good), "manifest", /1048577 bytes; a signature has at most 1048576/);
  registry.manifest(repository, manifestOf(large), sigTag);
  const { state, signatures, attestations } = await verify();
  assert.deepEqual([state, signatures.length, attestations.length], ["invalid", 1, 0]);
});

test("an attestation of sixteen mebibytes is asked for, and of one byte more is not", async () => {
  const most = 16 * 1024 * 1024;
  for (const [size, said] of /** @type {const} */ ([
    [most, /attestation's blob has 5 bytes, the manifest says 16777216/],
    [most + 1, /The attestation has 16777217 bytes; at most 16777216 are read/],
  ])) {
    signByTag();
    const made = layerOf(Buffer.from("bytes"), { predicateType: slsa });
    putUnderTag(registry, repository, digest, { ...made, layer: { ...made.layer, size } });
    const { attestations } = await verify({ require: ["slsaprovenance"] });
    assert.match(JSON.stringify(attestations), said);
  }
});

test("a predicate type of a thousand characters is one; nothing, more, and cosign's own make a signature", async () => {
  const long = `https://example.com/${"x".repeat(980)}`;
  for (const [predicateType, isAttestation] of /** @type {const} */ ([
    [long, true],
    [`${long}x`, false],
    ["", false],
    ["https://sigstore.dev/cosign/sign/v1", false],
  ])) {
    const made = forms.bundle?.(rsa.privateKey, { digest, predicateType, annotations: {} });
    if (!made) throw new Error("bundle");
    registry.blob(repository, made.bytes);
    const at = registry.manifest(repository, manifestOf(made.layer));
    registry.referrers(repository, digest, indexOf(descriptor(at)));
    const { attestations, signatures } = await verify({ require: ["slsaprovenance"] });
    assert.deepEqual(
      [attestations.length, signatures.length],
      isAttestation ? [1, 0] : [0, 1],
      predicateType,
    );
  }
});

test("DER of an EC signature has its long length from 128 bytes on", async () => {
  const { pem, privateKey } = keyPair("P-521");
  for (const [size, said] of /** @type {const} */ ([
    [61, /not the DER form/],
    [62, /not made with any of the given keys/],
    [63, /not made with any of the given keys/],
  ])) {
    const number = [2, size, ...Array(size).fill(1)];
    const der = Buffer.from([0x30, 0x81, 2 * number.length, ...number, ...number]);
    const layer = simpleLayer(privateKey, good, { signature: der.toString("base64") });
    await refused(verifyLayer(layer, good, { publicKey: pem }), "signature", said, String(size));
  }
});

test("a thousand names may stand for others, and no more", async () => {
  const names = (/** @type {number} */ count) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`mirror${n}.example`, "registry.example"]));
  assert.equal((await verifyLayer(goodLayer, good, { signedAs: names(1000) })).state, "verified");
  await assert.rejects(
    verifyLayer(goodLayer, good, { signedAs: names(1001) }),
    (error) => error instanceof OcisignError && error.code === "bad-input",
  );
});
