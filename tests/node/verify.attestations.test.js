// Attestations beside an image, such as provenance and bills of materials, are no signatures of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../demo/registry.js";
import {
  descriptor,
  digest,
  indexOf,
  indexType,
  other,
  registry,
  repository,
  rsa,
  signByTag,
  sigTag,
  status,
  verify,
} from "../support/image-in-registry.js";
import { bundleLayer, manifestOf, statementFor } from "../support/signatures.js";

const slsa = "https://slsa.dev/provenance/v1";
const spdx = "https://spdx.dev/Document";

/** Puts a bundle beside the image. @param {import("../support/signatures.js").BundleOptions} made */
function attest(made, key = rsa, /** @type {object} */ changes = {}) {
  const { layer, bytes } = bundleLayer(key.privateKey, { digest, ...made });
  registry.blob(repository, bytes);
  return {
    blob: layer.digest,
    manifest: registry.manifest(repository, manifestOf({ ...layer, ...changes })),
  };
}

/** @param {...string} manifests */
const list = (...manifests) =>
  registry.referrers(repository, digest, indexOf(...manifests.map((it) => descriptor(it))));

for (const predicateType of [
  slsa,
  spdx,
  "https://cyclonedx.org/bom",
  "https://in-toto.io/attestation/vulns/v0.1",
  "https://sigstore.dev/cosign/sign/v2",
  "cosign.sigstore.dev/attestation/v1",
]) {
  for (const [whose, key] of /** @type {const} */ ([
    ["ours", rsa],
    ["another", other],
  ])) {
    test(`only ${predicateType}, signed by ${whose} key: unsigned`, async () => {
      const { blob, manifest } = attest({ predicateType }, key);
      list(manifest);
      const { state, signatures, attestations, problems, reason } = await verify();
      assert.equal(state, "unsigned", reason);
      assert.match(reason, /no signature of this image, only an attestation/);
      assert.deepEqual([signatures, problems], [[], []]);
      assert.deepEqual(attestations, [{ predicateType, from: ["referrers"], digest: blob }]);
    });
  }
}

test("beside a good signature they are listed apart, each once with its places", async () => {
  signByTag();
  const [one, two] = [attest({ predicateType: slsa }), attest({ predicateType: spdx })];
  list(one.manifest, two.manifest);
  const index = Buffer.from(JSON.stringify(indexOf(descriptor(one.manifest))));
  registry.manifest(repository, index, digest.replace(":", "-"), indexType);
  const { state, signatures, attestations } = await verify();
  assert.deepEqual([state, signatures.length], ["verified", 1]);
  assert.deepEqual(
    attestations.map(({ predicateType }) => predicateType),
    [slsa, spdx],
  );
});

test("a bad signature beside an attestation is still invalid", async () => {
  signByTag(other);
  list(attest({ predicateType: slsa }).manifest);
  const { state, attestations } = await verify();
  assert.deepEqual([state, attestations.length], ["invalid", 1]);
});

test("old statements, several signatures and several subjects make it no signature either", async () => {
  const old = {
    ...statementFor({ digest, predicateType: slsa }),
    _type: "https://in-toto.io/Statement/v0.1",
  };
  old.subject.push({ digest: { sha1: "00" } });
  const { manifest } = attest({
    statement: JSON.stringify(old),
    around: (it) => it.dsseEnvelope.signatures.push({ sig: "AA==" }),
  });
  const older = attest({
    predicateType: slsa,
    around: (it) => Object.assign(it, { mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.2" }),
  });
  list(manifest, older.manifest);
  const { state, attestations, reason } = await verify();
  assert.deepEqual([state, attestations.length], ["unsigned", 2], reason);
});

test("envelopes without a bundle, under the tag or by referrers, are told by their annotations", async () => {
  const envelope = Buffer.from("{}");
  const layer = (/** @type {string} */ mediaType, /** @type {object} */ annotations) => ({
    mediaType,
    digest: digestOf(envelope),
    size: envelope.length,
    annotations,
  });
  for (const [mediaType, annotations, predicateType] of /** @type {const} */ ([
    ["application/vnd.dsse.envelope.v1+json", { predicateType: spdx }, spdx],
    ["application/vnd.in-toto+json", { "in-toto.io/predicate-type": slsa }, slsa],
    ["application/vnd.dsse.envelope.v1+json", {}, null],
  ])) {
    const manifest = manifestOf(layer(mediaType, annotations));
    list(registry.manifest(repository, manifest, sigTag));
    const { state, attestations } = await verify();
    assert.equal(state, "unsigned");
    assert.deepEqual(attestations, [
      { predicateType, from: ["tag", "referrers"], digest: digestOf(envelope) },
    ]);
  }
});

test("those under the tag of cosign 2 are listed where there is no signature, and count for nothing", async () => {
  const envelope = Buffer.from("{}");
  const layer = {
    mediaType: "application/vnd.dsse.envelope.v1+json",
    digest: digestOf(envelope),
    size: envelope.length,
    annotations: { "dev.cosignproject.cosign/signature": "", predicateType: slsa },
  };
  const tag = sigTag.replace(".sig", ".att");
  registry.manifest(repository, manifestOf(layer, layer, { mediaType: "x" }), tag);
  const { state, attestations } = await verify();
  assert.equal(state, "unsigned");
  assert.deepEqual(attestations, [{ predicateType: slsa, from: ["attestation-tag"], digest: layer.digest }]);

  for (const answer of [status(403), status(200, { "content-type": "text/html" }, "<html>")]) {
    registry.answer(`GET /v2/${repository}/manifests/${tag}`, answer);
    const unread = await verify();
    assert.deepEqual([unread.state, unread.problems], ["unsigned", []], "it could not be a signature");
  }
  // A signature there is none.
  const { manifest } = signByTag();
  registry.answer(`GET /v2/${repository}/manifests/${sigTag}`, (_, reply) =>
    reply
      .writeHead(404, { "content-type": "application/json" })
      .end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}'),
  );
  registry.answer(
    `GET /v2/${repository}/manifests/${tag}`,
    status(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" }, manifest),
  );
  const misplaced = await verify();
  assert.deepEqual([misplaced.state, misplaced.signatures], ["unsigned", []]);
});

test("a bill of materials of many megabytes is not read: its annotation tells it", async () => {
  const large = {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    digest: `sha256:${"12".repeat(32)}`,
    size: 20_000_000,
    annotations: { "dev.sigstore.bundle.predicateType": spdx },
  };
  list(registry.manifest(repository, manifestOf(large)));
  const { state, attestations } = await verify();
  assert.deepEqual([state, attestations[0].predicateType], ["unsigned", spdx]);
  // Without it, and with that of a signature, nothing is known of it.
  for (const annotations of [
    {},
    { "dev.sigstore.bundle.predicateType": "https://sigstore.dev/cosign/sign/v1" },
  ]) {
    list(registry.manifest(repository, manifestOf({ ...large, annotations })));
    assert.equal((await verify()).state, "invalid");
  }
});

test("an annotation does not make an attestation of a signature", async () => {
  const { manifest } = attest({}, rsa, { annotations: { "dev.sigstore.bundle.predicateType": slsa } });
  list(manifest);
  const { state, attestations, reason } = await verify();
  assert.deepEqual([state, attestations], ["verified", []], reason);
});

test("an attestation that cannot be read might have been a signature", async () => {
  const { manifest, blob } = attest({ predicateType: slsa });
  list(manifest);
  registry.answer(`GET /v2/${repository}/blobs/${blob}`, status(403));
  assert.equal((await verify()).state, "unreachable");
});
