// An index together with every manifest in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyImage } from "ocisign";
import {
  descriptor,
  errors,
  indexOf,
  indexType,
  other,
  registry,
  repository,
  rsa,
  signByTag,
  status,
} from "../support/image-in-registry.js";
import { manifestOf } from "../support/signatures.js";

test("an index and every manifest in it", async () => {
  const child = registry.manifest(repository, manifestOf({ digest: "amd64" }));
  const second = registry.manifest(repository, manifestOf({ digest: "arm64" }));
  const index = Buffer.from(
    JSON.stringify(indexOf(descriptor(child, undefined), descriptor(second, undefined))),
  );
  const whole = registry.manifest(repository, index, undefined, indexType);
  const verifyWhole = (recursive) =>
    verifyImage(`${registry.domain}/${repository}@${whole}`, { publicKey: rsa.pem, recursive });
  signByTag(rsa, whole);
  assert.equal((await verifyWhole(false)).state, "verified");
  signByTag(rsa, child);
  const half = await verifyWhole(true);
  assert.equal(half.state, "unsigned", "one of them is not signed");
  assert.deepEqual(
    half.manifests?.map(({ state }) => state),
    ["verified", "unsigned"],
  );
  assert.match(half.reason, new RegExp(second));
  signByTag(other, second);
  assert.equal((await verifyWhole(true)).state, "invalid");
  signByTag(rsa, second);
  assert.equal((await verifyWhole(true)).state, "verified");
});

test("recursive: an index within the index is one of them, in its place, and so is what it names", async () => {
  const image = (/** @type {string} */ of) => registry.manifest(repository, manifestOf({ digest: of }));
  const index = (/** @type {object[]} */ ...entries) =>
    registry.manifest(repository, Buffer.from(JSON.stringify(indexOf(...entries))), undefined, indexType);
  const listed = (/** @type {string} */ of, mediaType = descriptor(of).mediaType) => ({
    ...descriptor(of, undefined),
    mediaType,
  });
  const [first, inner, last] = [image("first"), image("inner"), image("last")];
  // Media types have no case.
  const within = index(listed(inner), listed(first));
  const whole = index(listed(first), listed(within, indexType.toUpperCase()), listed(last));
  const all = [whole, first, within, inner, last];
  for (const of of all) signByTag(rsa, of);
  const verifyWhole = () =>
    verifyImage(`${registry.domain}/${repository}@${whole}`, { publicKey: rsa.pem, recursive: true });
  const good = await verifyWhole();
  assert.equal(good.state, "verified", good.reason);
  assert.deepEqual(
    good.manifests?.map(({ digest, manifests }) => [digest, manifests?.map((one) => one.digest)]),
    [
      [first, undefined],
      // What was met before is not looked at again.
      [within, [inner]],
      [last, undefined],
    ],
  );
  for (const of of all) {
    signByTag(other, of);
    const bad = await verifyWhole();
    assert.equal(bad.state, "invalid");
    assert.ok(bad.reason.includes(of), bad.reason);
    signByTag(rsa, of);
  }
});

test("recursive: what two indexes name belongs to the first, however slowly that answers", async () => {
  const index = (/** @type {object[]} */ ...entries) => Buffer.from(JSON.stringify(indexOf(...entries)));
  const listed = (/** @type {string} */ of) => ({ ...descriptor(of, undefined), mediaType: indexType });
  const shared = registry.manifest(repository, manifestOf({ digest: "shared" }));
  const names = [1, 2].map((at) => index({ ...descriptor(shared, undefined), annotations: { at: `${at}` } }));
  const inner = names.map((bytes) => registry.manifest(repository, bytes, undefined, indexType));
  const whole = registry.manifest(repository, index(...inner.map(listed)), undefined, indexType);
  for (const of of [whole, shared, ...inner]) signByTag(rsa, of);
  registry.answer(`GET /v2/${repository}/manifests/${inner[0]}`, async (_, reply) => {
    for (let turn = 0; turn < 200; turn += 1) await new Promise((next) => setImmediate(next));
    reply.writeHead(200, { "content-type": indexType }).end(names[0]);
  });
  const { state, manifests } = await verifyImage(`${registry.domain}/${repository}@${whole}`, {
    publicKey: rsa.pem,
    recursive: true,
  });
  assert.equal(state, "verified");
  assert.deepEqual(
    manifests?.map(({ digest, manifests: below }) => [digest, below?.map((one) => one.digest)]),
    [
      [inner[0], [shared]],
      [inner[1], undefined],
    ],
  );
});

test("recursive: the reason is that of the first of the worst", async () => {
  const children = ["a", "b", "c"].map((of) => registry.manifest(repository, manifestOf({ digest: of })));
  const entries = children.map((of) => descriptor(of, undefined));
  const index = Buffer.from(JSON.stringify(indexOf(...entries)));
  const whole = registry.manifest(repository, index, undefined, indexType);
  signByTag(rsa, whole);
  for (const of of children.slice(1)) signByTag(other, of);
  const { state, reason } = await verifyImage(`${registry.domain}/${repository}@${whole}`, {
    publicKey: rsa.pem,
    recursive: true,
  });
  assert.equal(state, "invalid");
  assert.ok(reason.startsWith(`${children[1]}: `), reason);
});

test("recursive: what cannot be read is unreachable, and so is the whole", async () => {
  const child = registry.manifest(repository, manifestOf({ digest: "amd64" }));
  const index = Buffer.from(
    JSON.stringify(indexOf(descriptor(child, undefined), descriptor(child, undefined))),
  );
  const whole = registry.manifest(repository, index, undefined, indexType);
  signByTag(rsa, whole);
  signByTag(rsa, child);
  const verifyWhole = () =>
    verifyImage(`${registry.domain}/${repository}@${whole}`, { publicKey: rsa.pem, recursive: true });
  const good = await verifyWhole();
  assert.deepEqual([good.state, good.manifests?.length], ["verified", 1], "each manifest once");
  const route = (of) => `GET /v2/${repository}/manifests/${of}`;
  const unknown = status(404, { "content-type": "application/json" }, errors("MANIFEST_UNKNOWN"));
  registry.answer(route(child), unknown);
  assert.equal((await verifyWhole()).state, "unreachable");
  for (const answer of [status(403), unknown]) {
    registry.answer(route(whole), answer);
    assert.equal((await verifyWhole()).state, "unreachable");
    const alone = await verifyImage(`${registry.domain}/${repository}@${whole}`, { publicKey: rsa.pem });
    assert.equal(alone.state, "unreachable", "an image that is not there is not proved");
  }
});

test("recursive: an index that names nonsense, or too much, is unreachable, not an exception", async () => {
  const many = Array.from({ length: 201 }, (_, n) => descriptor(`sha256:${String(n).padStart(64, "0")}`));
  for (const manifests of [[{ digest: "nonsense" }], [null], [{}]]) {
    const whole = registry.manifest(
      repository,
      Buffer.from(JSON.stringify(indexOf(...manifests))),
      undefined,
      indexType,
    );
    signByTag(rsa, whole);
    const { state } = await verifyImage(`${registry.domain}/${repository}@${whole}`, {
      publicKey: rsa.pem,
      recursive: true,
    });
    assert.equal(state, "unreachable");
  }
  const whole = registry.manifest(
    repository,
    Buffer.from(JSON.stringify(indexOf(...many))),
    undefined,
    indexType,
  );
  const { state } = await verifyImage(`${registry.domain}/${repository}@${whole}`, {
    publicKey: rsa.pem,
    recursive: true,
  });
  assert.equal(state, "unreachable");
});
