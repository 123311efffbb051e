// Which layers of a manifest are signatures that may be added to those of another one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keyPair, manifestOf, simpleLayer } from "../support/signatures.js";
import { importLibrary } from "../support/source.js";

const { signatureLayersIn } = await importLibrary(["pkg/src/signature/attach/simple-signing.ts"]);
const imageType = "application/vnd.oci.image.manifest.v1+json";
const good = simpleLayer(keyPair("P-256").privateKey, Buffer.from("a payload"));
const name = "dev.cosignproject.cosign/signature";

test("a well-formed one is, and what is not is counted, and left where it is", () => {
  const { annotations } = good;
  for (const damaged of [
    { ...good, digest: undefined },
    { ...good, digest: 7 },
    { ...good, digest: "sha256:00" },
    { ...good, size: undefined },
    { ...good, size: "7" },
    { ...good, annotations: undefined },
    { ...good, annotations: {} },
    { ...good, annotations: { ...annotations, [name]: 7 } },
    { ...good, annotations: { ...annotations, [name]: null } },
  ]) {
    const found = signatureLayersIn(manifestOf(damaged, good), imageType);
    assert.deepEqual(found, { layers: [good], count: 2 }, JSON.stringify(damaged));
  }
});

test("a manifest that is none of signatures alone has none", () => {
  const other = { ...good, mediaType: "application/vnd.oci.image.layer.v1.tar" };
  for (const bytes of [
    manifestOf(good, other),
    manifestOf(null),
    Buffer.from(JSON.stringify({ schemaVersion: 2, layers: { 0: good } })),
    Buffer.from("nonsense"),
  ]) {
    assert.equal(signatureLayersIn(bytes, imageType), undefined);
  }
  assert.equal(signatureLayersIn(manifestOf(good), "application/vnd.oci.image.index.v1+json"), undefined);
});
