// An image of one platform, not signed itself: does the signature of an index that lists it count, for who asks for it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyImage } from "ocisign";
import {
  bundle,
  descriptor,
  digest,
  errors,
  indexOf,
  indexType,
  other,
  reference,
  registry,
  repository,
  rsa,
  signByTag,
  status,
} from "../support/image-in-registry.js";
import { manifestOf } from "../support/signatures.js";

const named = (/** @type {string} */ of) => `${registry.domain}/${repository}@${of}`;

/** An index in the registry; its digest. @param {...unknown} entries */
const index = (...entries) =>
  registry.manifest(repository, Buffer.from(JSON.stringify(indexOf(...entries))), undefined, indexType);

const listed = (/** @type {string} */ of) => descriptor(of, undefined);
const listedIndex = (/** @type {string} */ of) => ({ ...listed(of), mediaType: indexType });

/** @param {string} of @param {import("ocisign").VerifyImageOptions | object} [more] */
const verifyBy = (of, more = {}) =>
  verifyImage(reference, { publicKey: rsa.pem, coveredBy: named(of), ...more });

test("an image that a signed index lists is covered, only for who asks", async () => {
  const whole = index(listed(digest));
  signByTag(rsa, whole);
  const alone = await verifyImage(reference, { publicKey: rsa.pem });
  assert.deepEqual([alone.state, alone.coveredBy], ["unsigned", undefined]);
  const { state, reason, coveredBy, keys, signatures } = await verifyBy(whole);
  assert.equal(state, "verified");
  const by = "The index: Signed by the required key (1 of 1).";
  assert.equal(reason, `Covered by the signed index ${whole}, which lists this image. ${by}`);
  assert.deepEqual([coveredBy?.reference, coveredBy?.digest, coveredBy?.through], [named(whole), whole, []]);
  assert.deepEqual([keys.length, signatures.length, coveredBy?.signatures.length], [1, 0, 1]);
});

test("its own signature goes before that of the index", async () => {
  const whole = index(listed(digest));
  signByTag(rsa, whole);
  signByTag();
  const { state, coveredBy, reason } = await verifyBy(whole);
  assert.deepEqual([state, coveredBy], ["verified", undefined]);
  assert.match(reason, /^Signed by/);
});

test("a signature by another key does not undo what the index says", async () => {
  const whole = index(listed(digest));
  signByTag(rsa, whole);
  signByTag(other);
  const { state, signatures } = await verifyBy(whole);
  assert.deepEqual([state, signatures[0]?.verified], ["verified", false]);
});

test("an index within the index leads to the image, and the result tells the way", async () => {
  const inner = index(listed(digest));
  const middle = index(listedIndex(inner));
  const whole = index(
    listed(registry.manifest(repository, manifestOf({ digest: "x" }))),
    listedIndex(middle),
  );
  signByTag(rsa, whole);
  const { state, coveredBy, reason } = await verifyBy(whole);
  assert.deepEqual([state, coveredBy?.through], ["verified", [middle, inner]], reason);
  assert.ok(reason.includes(`which lists this image, through ${middle} and ${inner}. The index:`), reason);
});

test("what the index does not list is not covered", async () => {
  const another = registry.manifest(repository, manifestOf({ digest: "another" }));
  const notLists = [
    index(),
    index(listed(another)),
    index(listedIndex(index(listed(another)))),
    // An image lists nothing, although its layers have digests.
    registry.manifest(repository, manifestOf({ digest, mediaType: "x/y", size: 1 })),
    // A digest in an annotation is no entry.
    index({ ...listed(another), annotations: { "vnd.docker.reference.digest": digest } }),
    // Nor is the same index under another algorithm's name.
    index(listed(`sha512:${"a".repeat(128)}`)),
  ];
  for (const whole of notLists) {
    signByTag(rsa, whole);
    const { state, reason } = await verifyBy(whole);
    assert.equal(state, "unsigned", whole);
    assert.match(reason, /is signed, but does not list this image/);
  }
});

test("an index that is not verified covers nothing", async () => {
  const whole = index(listed(digest));
  assert.equal((await verifyBy(whole)).state, "unsigned");
  signByTag(other, whole);
  const wrong = await verifyBy(whole);
  assert.equal(wrong.state, "invalid");
  assert.match(wrong.reason, /does not cover it/);
  const gone = await verifyBy(`sha256:${"9".repeat(64)}`);
  assert.equal(gone.state, "unreachable");
  signByTag(rsa, whole);
  assert.equal(
    (await verifyBy(whole, { publicKey: undefined, keys: [rsa.pem, other.pem], threshold: 2 })).state,
    "invalid",
  );
});

test("where nothing is verified, the worse of both outcomes is told, with the problems of both", async () => {
  const bad = (/** @type {string} */ of) => void signByTag(other, of);
  const unreadable = (/** @type {string} */ of) =>
    void registry.answer(`GET /v2/${repository}/manifests/${of.replace(":", "-")}.sig`, status(503));
  const nothing = () => {};
  // What was put there for the image stays for the next row.
  for (const [row, [ofImage, ofIndex, expected, problems]] of [
    /** @type {const} */ ([nothing, nothing, "unsigned", 0]),
    /** @type {const} */ ([nothing, bad, "invalid", 0]),
    /** @type {const} */ ([bad, nothing, "invalid", 0]),
    /** @type {const} */ ([nothing, unreadable, "unreachable", 1]),
    /** @type {const} */ ([unreadable, nothing, "unreachable", 1]),
    /** @type {const} */ ([nothing, bad, "unreachable", 1]),
    /** @type {const} */ ([nothing, unreadable, "unreachable", 2]),
  ].entries()) {
    const whole = index({ ...listed(digest), annotations: { row: `${row}` } });
    ofImage(digest);
    ofIndex(whole);
    const { state, problems: told } = await verifyBy(whole);
    assert.deepEqual([state, told.length], [expected, problems], `${row}: ${JSON.stringify(told)}`);
  }
});

test("what is asked of the image's signatures is asked of the index's", async () => {
  const whole = index(listed(digest));
  const bundled = bundle(rsa, { digest: whole });
  registry.referrers(repository, whole, indexOf(descriptor(bundled)));
  assert.equal((await verifyBy(whole)).state, "verified");
  assert.equal((await verifyBy(whole, { requireRepository: true })).state, "invalid");
});

test("what cannot be read is unreachable, and what is listed as something else, too", async () => {
  const inner = index(listed(digest));
  const whole = index(listedIndex(inner));
  signByTag(rsa, whole);
  const route = (/** @type {string} */ of) => `GET /v2/${repository}/manifests/${of}`;
  registry.answer(route(inner), status(503));
  assert.equal((await verifyBy(whole)).state, "unreachable");
  const wrong = index({
    ...listed(digest),
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
  });
  signByTag(rsa, wrong);
  const { state, reason } = await verifyBy(wrong);
  assert.equal(state, "unreachable");
  assert.match(reason, /The index calls the image/);
  const good = index({ ...listed(digest), size: 2 });
  signByTag(rsa, good);
  assert.equal((await verifyBy(good)).state, "verified");
  const absent = status(404, { "content-type": "application/json" }, errors("MANIFEST_UNKNOWN"));
  registry.answer(route(digest), absent);
  assert.equal((await verifyBy(good)).state, "unreachable", "an image that is not there is not proved");
});

test("wrong arguments", async () => {
  const whole = index(listed(digest));
  const refused = (/** @type {unknown} */ options, /** @type {object} */ said) =>
    assert.rejects(verifyImage(reference, { publicKey: rsa.pem, .../** @type {any} */ (options) }), said);
  await refused(
    { coveredBy: `${registry.domain}/team/other@${whole}` },
    { code: "bad-input", message: /another repository/ },
  );
  await refused({ coveredBy: `registry.example/${repository}@${whole}` }, { code: "bad-input" });
  await refused({ coveredBy: named(whole), recursive: true }, { code: "bad-input", message: /exclude/ });
  await refused({ coveredBy: "team/app" }, { name: "OcisignError" });
  await refused({ coveredBy: 7 }, { name: "OcisignError" });
});
