// What is damaged in a registry is never taken for absent.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { verifyImage } from "ocisign";
import { fakeRegistry } from "../support/fake-registry.js";
import { goodLayer, rsa } from "../support/proving.js";
import { manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

test("in a registry: what is damaged is never absent, and what is doubtful is not walked", async () => {
  const registry = await fakeRegistry();
  after(() => registry.close());
  const repository = "team/app";
  const manifestType = "application/vnd.oci.image.manifest.v1+json";
  const indexType = "application/vnd.oci.image.index.v1+json";
  const push = (value, ...more) =>
    registry.manifest(
      repository,
      Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
      ...more,
    );
  const digest = push({ layers: [], annotations: { of: "the image" } });
  const list = (...manifests) =>
    registry.referrers(repository, digest, { schemaVersion: 2, mediaType: indexType, manifests });
  const verifyIt = (of = digest, options = {}) =>
    verifyImage(`${registry.domain}/${repository}@${of}`, { publicKey: rsa.pem, ...options });
  assert.equal((await verifyIt()).state, "unsigned");
  for (const [referrer, state] of [
    [
      { layers: [null, 7, {}, { mediaType: null }, { mediaType: "__proto__" }, { mediaType: "text/x" }] },
      "unsigned",
    ],
    [{}, "unsigned"],
    [{ layers: [{ mediaType: 7 }] }, "invalid"],
    [{ layers: [{ mediaType: [goodLayer.mediaType] }] }, "invalid"],
    [{ layers: [{ mediaType: goodLayer.mediaType }] }, "invalid"],
    [{ layers: {} }, "invalid"],
    [{ mediaType: indexType, manifests: [] }, "invalid"],
    ['{"layers":[],"layers":[]}', "invalid"],
    [`\ufeff${JSON.stringify({ layers: [] })}`, "invalid"],
    ["null", "invalid"],
  ]) {
    list({ mediaType: manifestType, digest: push(referrer), size: 1 });
    const found = await verifyIt();
    assert.equal(found.state, state, `${JSON.stringify(referrer)}: ${found.reason}`);
  }
  list();
  for (const index of [
    '{"manifests":[],"manifests":[]}',
    '\ufeff{"manifests":[]}',
    "[]",
    '{"manifests":[{"digest":"constructor:00"}]}',
    `{"manifests":[{"digest":"${digest}","artifactType":7}]}`,
    JSON.stringify({ manifests: Array(1001).fill({ digest, artifactType: "text/x" }) }),
  ]) {
    push(index, digest.replace(":", "-"), indexType);
    const { state, problems } = await verifyIt();
    assert.deepEqual([state, problems[0]?.from], ["unreachable", "fallback-tag"], index.slice(0, 100));
  }
  // Another reader might walk the first list.
  const twice = push(
    `{"mediaType":"${indexType}","manifests":[{"digest":"${digest}"}],"manifests":[]}`,
    undefined,
    indexType,
  );
  const named = payloadFor({ repository: `${registry.domain}/${repository}`, digest: twice });
  const bytes = Buffer.from(JSON.stringify(named));
  registry.blob(repository, bytes);
  push(manifestOf(simpleLayer(rsa.privateKey, bytes)).toString(), `${twice.replace(":", "-")}.sig`);
  assert.equal((await verifyIt(twice)).state, "verified");
  assert.equal((await verifyIt(twice, { recursive: true })).state, "unreachable");
});
