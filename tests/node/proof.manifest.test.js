// Which layers of which manifests name a signature.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifySignatures } from "ocisign";
import { annotation, good, goodLayer, refused, rsa } from "../support/proving.js";
import { manifestOf, reference, simpleLayer } from "../support/signatures.js";
import { importLibrary } from "../support/source.js";

const { referrersOf } = await importLibrary(["pkg/src/signature/proof/manifest.ts"]);

test("what is wrong with one layer leaves the others alone", async () => {
  const wrong = [
    null,
    7,
    "x",
    [],
    { ...goodLayer, mediaType: 7 },
    { ...goodLayer, mediaType: "__proto__" },
    { ...goodLayer, mediaType: "application/octet-stream" },
    { ...goodLayer, annotations: undefined },
    { ...goodLayer, annotations: { [annotation]: null } },
    { ...goodLayer, annotations: { [annotation]: [goodLayer.annotations[annotation]] } },
    ...[undefined, null, -1, 1.5, String(good.length), [good.length], 2 ** 53, 200 * 1024 * 1024].map(
      (size) => ({ ...goodLayer, size }),
    ),
    ...[
      undefined,
      [goodLayer.digest],
      "",
      "sha256",
      "sha256:",
      "sha256:00",
      goodLayer.digest.toUpperCase(),
      goodLayer.digest.replace("sha256", "SHA256"),
      goodLayer.digest.replace(/[0-9a-f]+$/, (digits) => digits.toUpperCase()),
      goodLayer.digest.replace("sha256", "sha512"),
      `${goodLayer.digest}:00`,
      `${goodLayer.digest}\n`,
      ` ${goodLayer.digest}`,
      ...["md5", "sha1", "__proto__", "constructor", "toString", "undefined"].flatMap((name) => [
        name,
        `${name}:`,
        `${name}:${"0".repeat(64)}`,
      ]),
    ].map((digest) => ({ ...goodLayer, digest })),
  ];
  const read = (manifest) => verifySignatures({ reference, publicKey: rsa.pem, manifest, blob: good });
  const bad = await read(manifestOf(...wrong));
  assert.equal(bad.state, "invalid");
  assert.deepEqual(
    bad.signatures.map(({ failed, blob }) => [failed, blob]),
    wrong.map(() => ["manifest", null]),
  );
  const one = await read(manifestOf(...wrong, goodLayer));
  assert.equal(one.state, "verified");
  assert.equal(one.signatures.filter(({ verified }) => verified).length, 1);
});

test("a manifest beyond doubt, or none", async () => {
  const manifest = manifestOf(goodLayer).toString();
  for (const [wrong, said] of /** @type {const} */ ([
    ["{}", /no signature/],
    ['{"layers":null}', /no signature/],
    ["[]", /not an object/],
    ["null", /not an object/],
    ['{"layers":{}}', /layers is not a list/],
    [manifest.replace('"layers"', '"mediaType":7,"layers"'), /twice/],
    [manifest.replace(/"mediaType":"[^"]*manifest[^"]*"/, '"mediaType":7'), /mediaType is not a string/],
    [manifest.replace('"layers"', '"layers":[],"layers"'), /`layers` twice/],
    [manifest.replace('"layers"', '"layer\\u0073":[],"layers"'), /`layers` twice/],
    [manifest.replace('"size"', '"size":1,"size"'), /`size` twice/],
    [manifest.replace(`"${annotation}":"`, `"${annotation}":"\\ud800`), /half a surrogate pair/],
    [`${manifest}\u0000`, /not JSON/],
    [`\ufeff${manifest}`, /not JSON/],
    [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(manifest, "utf16le")]), /not UTF-8/],
  ])) {
    const verification = verifySignatures({ reference, publicKey: rsa.pem, manifest: wrong, blob: good });
    await refused(verification, "manifest", said, String(wrong));
  }
});

test("manifests that are no manifests of signatures are invalid", async () => {
  const layer = simpleLayer(rsa.privateKey, good);
  for (const [manifest, said] of /** @type {const} */ ([
    [manifestOf(...Array(1001).fill(layer)), /1001 signatures/],
    [manifestOf(), /no signature/],
    [JSON.stringify({ mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] }), /of type/],
    [JSON.stringify({ mediaType: "text/html", layers: [layer] }), /of type/],
    ["<!doctype html>", /damaged/],
    ["", /damaged/],
    [new Uint8Array([0xff, 0xfe]), /damaged/],
  ])) {
    const verification = await verifySignatures({ reference, publicKey: rsa.pem, manifest, blob: good });
    assert.equal(verification.state, "invalid");
    assert.match(verification.reason, said);
  }
});

test("a manifest that could be an index, too, is refused, whether it says what it is or not", async () => {
  const image = "application/vnd.oci.image.manifest.v1+json";
  const index = "application/vnd.oci.image.index.v1+json";
  for (const [mediaType, more, said] of /** @type {const} */ ([
    [undefined, {}, undefined],
    [image, {}, undefined],
    [undefined, { manifests: [] }, /could be both/],
    [image, { manifests: [] }, /could be both/],
    [index, { manifests: [] }, /could be both/],
    [index, {}, /could be both/],
    [undefined, { fsLayers: [] }, /could be both/],
    [image, { fsLayers: [] }, /could be both/],
  ])) {
    const manifest = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType, layers: [goodLayer], ...more }),
    );
    const { state, reason } = await verifySignatures({
      reference,
      publicKey: rsa.pem,
      manifest,
      blob: good,
    });
    assert.equal(state, said ? "invalid" : "verified", `${mediaType} ${JSON.stringify(more)}: ${reason}`);
    if (said) assert.match(reason, said);
  }
});

test("which types of artifacts may hold signatures, as an index calls them", () => {
  for (const [artifactType, isCalledOther] of /** @type {[unknown, boolean][]} */ ([
    [undefined, false],
    ["", false],
    ["application/vnd.dev.cosign.artifact.sig.v1+json", false],
    ["application/vnd.dev.sigstore.bundle.v0.3+json", false],
    ["application/vnd.dev.sigstore.bundle+json", false],
    ["application/VND.oci.empty.v1+json", false],
    ["application/vnd.oci.image.config.v1+json", false],
    ["application/vnd.docker.container.image.v1+json", false],
    ["application/spdx+json", true],
    ["application/vnd.dev.cosign.artifact.sbom.v1+json", true],
    ["application/vnd.oci.image.config.v2+json", true],
    [" ", true],
  ])) {
    const [referrer] = referrersOf([{ digest: "sha256:00", artifactType }]);
    assert.deepEqual(referrer, { digest: "sha256:00", isCalledOther }, String(artifactType));
  }
});
