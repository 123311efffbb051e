// Manifests and configs that are none, or others than were named, or too large.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeImage, parseReference } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import {
  blobsAsked,
  bytesOf,
  config,
  descriptorOf,
  entry,
  hold,
  holdManifest,
  indexFor,
  manifestFor,
  oci,
  refused,
  registry,
  repository,
} from "../support/describing.js";
import { mutated, newSeed, randomNumbers } from "../support/random.js";

const gigabyte = 1024 ** 3;
/** Every text of it is what the types promise. @param {import("ocisign").ImageDescription} description */
function checkShape({ mediaType, artifactType, platforms, attestations, others, isIndex, ...rest }) {
  const word = /^[\w.-]{1,64}$/;
  assert.equal(mediaType, isIndex ? oci.index : oci.manifest);
  assert.match(artifactType ?? "a/b", /^[!-~]+\/[!-~]+$/);
  assert.ok(Number.isInteger(attestations) && Number.isInteger(others));
  assert.equal(Number.isSafeInteger(rest.sizeBytes), !isIndex);
  for (const { digest, mediaType: type, ...platform } of platforms) {
    assert.match(digest, /^sha(256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})$/);
    assert.match(type, /^[!-~]+\/[!-~]+$/);
    for (const part of Object.values(platform)) assert.match(part, word);
  }
  for (const text of Object.values(rest.annotations ?? {})) assert.equal(typeof text, "string");
}

test("what was pushed is no manifest", async () => {
  const configBytes = bytesOf(config());
  const image = (changes) => manifestFor(oci, configBytes, changes);
  const layer = (changes) => image({ layers: [descriptorOf(Buffer.from("x"), oci.layer, changes)] });
  const index = (changes) => indexFor(oci, [entry()], changes);
  const nested = JSON.stringify(image()).replace(/}$/, `,"x":${"[".repeat(40)}${"]".repeat(40)}}`);
  const manyAnnotations = Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [at, ""]));
  for (const [manifest, said, type = oci.manifest] of /** @type {const} */ ([
    [Buffer.from("no JSON"), /not JSON/],
    [Buffer.from([0xff, 0xfe]), /not UTF-8/],
    [Buffer.from(""), /not JSON/],
    [Buffer.from(nested), /nested too deeply/],
    [Buffer.from(JSON.stringify(image()).replace(/}$/, ',"layers":[]}')), /`layers` twice/],
    [[], /not an object/],
    [null, /not an object/],
    [image({ schemaVersion: 1 }), /schema version/],
    [image({ schemaVersion: "2" }), /schema version/],
    [image({ mediaType: 7 }), /manifest\.mediaType is not a string/],
    [image({ mediaType: oci.index }), /says that it is/],
    [image(), /says that it is/, oci.index],
    [image({ mediaType: "\u202e<b>".repeat(1000) }), /says that it is/],
    [image({ manifests: [entry()] }), /both an image and an index/],
    [image({ config: undefined }), /manifest\.config is not an object/],
    [image({ config: descriptorOf(configBytes, "x") }), /no media type/],
    [image({ config: descriptorOf(configBytes, `a/${"b".repeat(128)}`) }), /no media type/],
    [image({ artifactType: "<b>\u202e".repeat(1000) }), /manifest\.artifactType/],
    [image({ artifactType: 7 }), /manifest\.artifactType/],
    [image({ layers: {} }), /not a list/],
    [image({ layers: [null] }), /layers\[0\] is not an object/],
    [layer({ size: -1 }), /no size/],
    [layer({ size: 1.5 }), /no size/],
    [layer({ size: "1" }), /no size/],
    [layer({ size: 2 ** 53 }), /no size/],
    [layer({ size: 2 ** 53 - 1 }), /add up/],
    [layer({ digest: "sha256:12" }), /not a digest/],
    [layer({ digest: "\u202e".repeat(1000) }), /not a digest/],
    [image({ annotations: [] }), /manifest\.annotations is not an object/],
    [image({ annotations: { ["\u202e".repeat(1000)]: 7 } }), /is not a string/],
    [image({ annotations: manyAnnotations }), /1001 annotations/],
    [index({ layers: [] }), /both an image and an index/, oci.index],
    [index({ config: null }), /both an image and an index/, oci.index],
    [index({ manifests: undefined }), /not a list/, oci.index],
    [index({ manifests: [7] }), /manifests\[0\] is not an object/, oci.index],
    [index({ manifests: [entry({ platform: 7 })] }), /platform is not an object/, oci.index],
    [index({ manifests: [entry({ platform: { os: 7 } })] }), /platform\.os is not a string/, oci.index],
    [index({ manifests: [entry({ mediaType: "<b>" })] }), /no media type/, oci.index],
    [index({ manifests: [entry({ digest: undefined })] }), /digest is not a string/, oci.index],
    [index({ manifests: Array(1001).fill(entry()) }), /1001 manifests/, oci.index],
  ])) {
    await refused(describeImage(holdManifest(manifest, type)), "bad-reply", said, String(said));
  }
  assert.deepEqual(blobsAsked(), [], "nothing is read for what is refused");
});

test("what the config says is no config", async () => {
  for (const [configBytes, said] of /** @type {const} */ ([
    [Buffer.from("no JSON"), /config is damaged/],
    [Buffer.from('{"os":"linux","os":"windows","architecture":"amd64"}'), /`os` twice/],
    [bytesOf([]), /config is not an object/],
    [bytesOf(config({ os: 7 })), /config\.os is not a string/],
    [bytesOf(config({ created: 7 })), /config\.created is not a string/],
  ])) {
    await refused(describeImage(hold({ configBytes })), "bad-reply", said, String(said));
  }
});

test("sizes of gigabytes: a layer's is told, a config's is not read, a manifest's neither", async () => {
  const configBytes = bytesOf(config());
  const layers = [descriptorOf(Buffer.from("x"), oci.layer, { size: gigabyte })];
  const { sizeBytes } = await describeImage(hold({ changes: { layers } }));
  assert.equal(sizeBytes, configBytes.length + gigabyte);
  const asked = blobsAsked().length;
  const large = descriptorOf(configBytes, oci.config, { size: gigabyte });
  await refused(describeImage(hold({ changes: { config: large } })), "bad-reply", /1073741824 bytes/);
  assert.equal(blobsAsked().length, asked, "it is not even asked for");

  const reference = hold();
  for (const [kind, digest] of [
    ["blobs", digestOf(configBytes)],
    ["manifests", parseReference(reference).digest],
  ]) {
    registry.answer(`GET /v2/${repository}/${kind}/${digest}`, (_, reply) => {
      reply.writeHead(200, { "content-type": oci.manifest, "content-length": gigabyte });
      reply.write(Buffer.alloc(1000));
    });
    await refused(describeImage(reference), "bad-reply", /larger than the \d+ bytes/, kind);
  }
});

test("an endless manifest, and an endless config, are not read to their end", async () => {
  const configBytes = bytesOf(config());
  const reference = hold();
  for (const [kind, digest] of [
    ["blobs", digestOf(configBytes)],
    ["manifests", parseReference(reference).digest],
  ]) {
    registry.answer(`GET /v2/${repository}/${kind}/${digest}`, (_, reply) => {
      reply.writeHead(200, { "content-type": oci.manifest });
      const more = () => {
        while (!reply.destroyed && reply.write(Buffer.alloc(65_536)));
      };
      reply.on("drain", more);
      more();
    });
    await refused(describeImage(reference), "bad-reply", /larger than the \d+ bytes/, kind);
  }
});

test("other bytes than the digest's: the manifest's, the config's, and a config of another size", async () => {
  const configBytes = bytesOf(config());
  const reference = hold();
  const { digest } = parseReference(reference);
  const answer = (body) => (_, reply) => reply.writeHead(200, { "content-type": oci.manifest }).end(body);
  const other = bytesOf(config({ os: "plan9" }));
  assert.equal(other.length, configBytes.length);
  registry.answer(`GET /v2/${repository}/blobs/${digestOf(configBytes)}`, answer(other));
  await refused(describeImage(reference), "bad-reply", /something else than sha256/);
  registry.answer(
    `GET /v2/${repository}/manifests/${digest}`,
    answer(bytesOf(manifestFor(oci, configBytes, { annotations: {} }))),
  );
  await refused(describeImage(reference), "bad-reply", /something else than sha256/);

  const odd = bytesOf(config({ os: "windows" }));
  for (const by of [1, -1]) {
    const changes = { config: descriptorOf(odd, oci.config, { size: odd.length + by }) };
    await refused(describeImage(hold({ configBytes: odd, changes })), "bad-reply", /bytes/, String(by));
  }
});

test("random changes give a description that is fit to be shown, or a bad-reply", async () => {
  const seed = newSeed();
  console.log(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  const annotations = { a: "b" };
  const plain = bytesOf(config({ variant: "v1", created: "2026-11-22T14:19:28Z" }));
  registry.blob(repository, plain);
  const image = bytesOf(manifestFor(oci, plain, { annotations, artifactType: "a/b" }));
  const index = bytesOf(indexFor(oci, [entry(), entry({ platform: undefined })], { annotations }));
  let described = 0;
  for (let round = 0; round < 600; round++) {
    const [type, bytes] = round % 2 ? [oci.manifest, image] : [oci.index, index];
    try {
      checkShape(await describeImage(holdManifest(mutated(bytes, random), type)));
      described++;
    } catch (thrown) {
      const error = /** @type {import("ocisign").OcisignError} */ (thrown);
      // A digest or a config's size that was changed names what the registry does not hold.
      assert.ok(["bad-reply", "not-found"].includes(error.code), `${error.code}: ${error.stack}`);
    }
  }
  assert.ok(described > 0);
});
