// The registry client against Debian's docker-registry with htpasswd: a password, no referrers API.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { dockerRegistry } from "../support/docker-registry.js";
import { RegistryClient } from "../support/registry-client.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const password = "correct horse battery staple";
let registry;
let client;
let digest;
let blob;

const payload = Buffer.from('{"critical":{}}');
const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

before(async () => {
  registry = await dockerRegistry({ username: "robot", password });
  client = new RegistryClient({ domain: registry.domain, username: "robot", password });
  blob = await client.pushBlob("team/app", payload);
  const descriptor = {
    mediaType: "application/vnd.oci.image.config.v1+json",
    digest: blob,
    size: payload.length,
  };
  const manifest = { schemaVersion: 2, mediaType: manifestType, config: descriptor, layers: [] };
  digest = await client.pushManifest("team/app", "1.0", Buffer.from(JSON.stringify(manifest)), manifestType);
});
after(() => registry?.close());

test("what was pushed is read back, by tag and by digest", async () => {
  assert.equal(blob, digestOf(payload));
  for (const reference of ["1.0", digest]) {
    const { bytes, mediaType } = await client.manifest("team/app", reference);
    assert.deepEqual([digestOf(bytes), mediaType], [digest, manifestType]);
  }
  const read = await client.blob("team/app", blob, { maxBytes: payload.length });
  assert.ok(payload.equals(read));
  await assert.rejects(client.blob("team/app", blob, { maxBytes: payload.length - 1 }), {
    code: "bad-reply",
  });
});

test("a tag that is not there is undefined, a blob that is not there an error", async () => {
  assert.equal(await client.manifest("team/app", "sha256-ab.sig"), undefined);
  assert.equal(await client.manifest("team/app", digestOf("x")), undefined);
  const missing = client.blob("team/app", digestOf("x"), { maxBytes: 1 });
  await assert.rejects(missing, { code: "not-found", message: /BLOB_UNKNOWN/ });
});

test("it says MANIFEST_UNKNOWN of a repository that is not there: who asks has to look for the image too", async () => {
  assert.equal(await client.manifest("team/none", "1.0"), undefined);
});

test("it says MANIFEST_UNKNOWN of types that are not asked for, so all are: another type is an error", async () => {
  const accept = ["application/vnd.docker.distribution.manifest.v2+json"];
  await assert.rejects(client.manifest("team/app", "1.0", { accept }), { code: "bad-reply" });
});

test("it has no referrers API", async () => {
  assert.equal(await client.referrers("team/app", digest), undefined);
});

test("without a password, or with a wrong one: unauthorized", async () => {
  for (const access of [{}, { username: "robot", password: "wrong" }]) {
    const stranger = new RegistryClient({ domain: registry.domain, ...access });
    await assert.rejects(stranger.manifest("team/app", "1.0"), { code: "unauthorized" });
    await assert.rejects(stranger.blob("team/app", blob, { maxBytes: 99 }), { code: "unauthorized" });
    await assert.rejects(stranger.pushBlob("team/app", payload), { code: "unauthorized" });
  }
});
