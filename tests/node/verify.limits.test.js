// What a registry may cost as a whole: time and bytes, over all calls of a verification.
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { attachSignature, describeImage, simpleSigningPayload, verifyImage } from "ocisign";
import { envelopeLayer, putUnderTag, slsa } from "../support/attested.js";
import {
  bundle,
  descriptor,
  digest,
  indexOf,
  indexType,
  other,
  reference,
  registry,
  repository,
  rsa,
  signByTag,
  sigTag,
  verify,
} from "../support/image-in-registry.js";
import { bundleLayer, manifestOf, simpleLayer, statementFor } from "../support/signatures.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const manifestsAsked = () => registry.requests.filter(({ url }) => url.includes("/manifests/sha256:"));

/** Lists so many referrers of this many bytes each, none of which signs. @param {number} count @param {number} bytes */
function listReferrers(count, bytes) {
  const digests = Array.from({ length: count }, (_, n) =>
    registry.manifest(
      repository,
      Buffer.from(JSON.stringify({ schemaVersion: 2, layers: [], n, x: "x".repeat(bytes) })),
    ),
  );
  registry.referrers(repository, digest, indexOf(...digests.map((it) => descriptor(it))));
}

test("bytes: beyond the budget nothing more is read, and nothing is concluded", async () => {
  listReferrers(20, 10_000);
  assert.equal((await verify()).state, "unsigned");
  registry.requests.length = 0;
  const { state, problems, reason } = await verify({ totalBytes: 55_000 });
  assert.equal(state, "unreachable", reason);
  assert.match(reason, /more than the 55000 bytes that totalBytes allows in all/);
  assert.ok(problems.every(({ code }) => code === "bad-reply"));
  assert.ok(problems.length <= 4, "said of each place once, not of each referrer");
  assert.ok(manifestsAsked().length < 9, `${manifestsAsked().length}`);
});

test("bytes: a signature that was found before counts, unless more keys are needed", async () => {
  listReferrers(20, 10_000);
  signByTag();
  const { state, problems } = await verify({ totalBytes: 55_000 });
  assert.equal(state, "verified");
  assert.match(problems[0].message, /totalBytes/);
  const two = { publicKey: undefined, keys: [rsa.pem, other.pem], threshold: 2, totalBytes: 55_000 };
  assert.equal((await verify(two)).state, "unreachable");
});

test("bytes: where all was spent before, it is said once that what is called something else was not read", async () => {
  const { layer, bytes } = bundleLayer(other.privateKey, {
    statement: JSON.stringify({ ...statementFor({ digest }), predicate: { x: "x".repeat(50_000) } }),
  });
  registry.blob(repository, bytes);
  registry.manifest(repository, manifestOf(layer), sigTag);
  const others = Array.from({ length: 3 }, (_, n) =>
    registry.manifest(repository, manifestOf({ mediaType: "application/spdx+json", digest, size: n })),
  );
  registry.referrers(repository, digest, indexOf(...others.map((it) => descriptor(it, "application/x"))));
  const { state, problems } = await verify({ totalBytes: 40_000 });
  assert.equal(state, "unreachable");
  assert.deepEqual(
    problems.map(({ from, code }) => [from, code]),
    [
      ["referrers", "bad-reply"],
      [undefined, "bad-reply"],
    ],
  );
  for (const { message } of problems) assert.match(message, /totalBytes allows in all\.$/);
  assert.ok(manifestsAsked().every(({ url }) => !others.some((it) => url.endsWith(it))));
});

test("bytes: attestations come last, and what is not read of them is told once", async () => {
  signByTag();
  const made = Array.from({ length: 40 }, (_, at) =>
    envelopeLayer(rsa.privateKey, {
      digest,
      statement: JSON.stringify({
        ...statementFor({ digest, predicateType: slsa }),
        predicate: { at, x: "x".repeat(10_000) },
      }),
    }),
  );
  putUnderTag(registry, repository, digest, ...made);
  const all = await verify({ attestations: "verify" });
  assert.deepEqual([all.state, all.attestations.filter(({ verified }) => verified).length], ["verified", 40]);
  for (const [options, expected] of /** @type {const} */ ([
    [{ attestations: "verify" }, "verified"],
    [{ attestations: "verify", threshold: 2, publicKey: undefined, keys: [rsa.pem, other.pem] }, "invalid"],
    [{ require: ["openvex"] }, "unreachable"],
  ])) {
    registry.requests.length = 0;
    const { state, problems, attestations } = await verify({ ...options, totalBytes: 40_000 });
    assert.equal(state, expected);
    assert.ok(problems.every(({ message }) => /totalBytes allows in all\.$/.test(message)));
    assert.ok(problems.length > 1 && problems.length <= 9, "of those under way, and once of all others");
    assert.equal(attestations.length, 40, "each is listed");
    assert.ok(attestations.filter(({ verified }) => verified).length < 10);
    const asked = registry.requests.filter(({ url }) => made.some(({ layer }) => url.endsWith(layer.digest)));
    assert.ok(asked.length < 20, `${asked.length}`);
  }
});

test("bytes: decoded ones count, errors count, and so do those of a fetch without a stream", async () => {
  const large = Buffer.from(JSON.stringify({ schemaVersion: 2, layers: [], x: "x".repeat(1_000_000) }));
  const packed = gzipSync(large);
  assert.ok(packed.length < 10_000);
  const answers = [
    (_, reply) =>
      reply.writeHead(200, { "content-type": manifestType, "content-encoding": "gzip" }).end(packed),
    (_, reply) => reply.writeHead(404, { "content-type": "application/json" }).end("x".repeat(60_000)),
  ];
  for (const [answer, totalBytes] of /** @type {const} */ ([
    [answers[0], 500_000],
    [answers[1], 50_000],
  ])) {
    registry.answer(`GET /v2/${repository}/manifests/${sigTag}`, answer);
    const plain = async (/** @type {any} */ url, /** @type {any} */ init) => {
      const reply = await fetch(url, init);
      return { status: reply.status, headers: reply.headers, arrayBuffer: () => reply.arrayBuffer() };
    };
    for (const options of [{}, { registry: { fetch: plain } }]) {
      const { state, problems } = await verify({ totalBytes, ...options });
      assert.equal(state, "unreachable");
      assert.match(problems[0].message, /totalBytes/);
    }
  }
});

test("bytes: every manifest of an index counts, and an index of indexes, too", async () => {
  const leaves = Array.from({ length: 10 }, (_, n) =>
    registry.manifest(
      repository,
      Buffer.from(
        JSON.stringify({ schemaVersion: 2, mediaType: manifestType, layers: [], n, x: "x".repeat(9000) }),
      ),
    ),
  );
  const named = (/** @type {string} */ of, /** @type {string} */ mediaType) => ({
    mediaType,
    digest: of,
    size: 1,
  });
  const put = (/** @type {unknown} */ value) =>
    registry.manifest(repository, Buffer.from(JSON.stringify(value)), undefined, indexType);
  const inner = put(indexOf(...leaves.map((it) => named(it, manifestType))));
  const outer = put(indexOf(named(inner, indexType)));
  for (const of of [outer, inner, ...leaves]) signByTag(rsa, of);
  const image = `${registry.domain}/${repository}@${outer}`;
  const options = { publicKey: rsa.pem, recursive: true };
  assert.equal((await verifyImage(image, options)).state, "verified");
  const short = await verifyImage(image, { ...options, totalBytes: 60_000 });
  assert.equal(short.state, "unreachable");
  assert.match(short.reason, /totalBytes/);
});

test("time: a registry that is slow each time is left after the time for all of it", async () => {
  listReferrers(100, 10);
  registry.answerAll("GET", (request, reply) => {
    const real = request.url?.includes("/referrers/");
    setTimeout(() => {
      if (real) {
        const list = Array.from({ length: 100 }, (_, n) =>
          descriptor(`sha256:${String(n).padStart(64, "0")}`),
        );
        return reply.writeHead(200, { "content-type": indexType }).end(JSON.stringify(indexOf(...list)));
      }
      const unknown = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] });
      reply.writeHead(404, { "content-type": "application/json" }).end(unknown);
    }, 40);
  });
  const { state, problems } = await verify({ totalTimeoutMs: 400 });
  assert.equal(state, "unreachable");
  const [last] = problems.slice(-1);
  assert.equal(last.code, "timeout");
  assert.match(`${last.message} ${last.fix}`, /400 ms of totalTimeoutMs.*give more time with totalTimeoutMs/);
  // Several are read at a time; a hundred would take longer.
  assert.ok(registry.requests.length < 100);
});

test("time: what hangs ends with the time for all of it, and the shorter limit is the one that is named", async () => {
  registry.answer(`GET /v2/${repository}/manifests/${sigTag}`, () => {});
  for (const [options, said] of /** @type {const} */ ([
    [{ totalTimeoutMs: 200, timeoutMs: 5000 }, /200 ms of totalTimeoutMs/],
    [{ totalTimeoutMs: 5000, timeoutMs: 200 }, /within 200 ms/],
  ])) {
    const { state, problems } = await verify(options);
    assert.equal(state, "unreachable");
    assert.match(problems[0].message, said);
  }
});

test("the kin of a verification have the same limits, and refuse what is no limit", async () => {
  const limits = [
    [{ totalBytes: 10 }, "bad-reply", /totalBytes/],
    // A registry that never answers: any other might be quicker than the clock.
    [{ totalTimeoutMs: 1, registry: { fetch: () => new Promise(() => {}) } }, "timeout", /totalTimeoutMs/],
  ];
  const { text } = simpleSigningPayload(reference);
  const signature = sign("sha256", Buffer.from(text), rsa.privateKey);
  for (const [options, code, message] of /** @type {[object, string, RegExp][]} */ (limits)) {
    await assert.rejects(describeImage(reference, options), { code, message });
    const attaching = attachSignature(reference, { signature, publicKey: rsa.pem, ...options });
    await assert.rejects(attaching, { code, message });
    assert.equal((await verify(options)).state, "unreachable");
  }
  for (const name of ["totalBytes", "totalTimeoutMs"]) {
    for (const value of [0, -1, Number.NaN, "1", null]) {
      await assert.rejects(verify({ [name]: value }), { code: "bad-input" }, `${name}: ${value}`);
      await assert.rejects(describeImage(reference, { [name]: value }), { code: "bad-input" });
    }
  }
});

test("no manifest is kept until all are judged", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  // Each body is held by a buffer of its own, whose end can be seen.
  let [alive, most] = [0, 0];
  const registryOfFinals = new FinalizationRegistry(() => alive--);
  const count = 40;
  listReferrers(count, 1_000_000);
  const counting = async (/** @type {any} */ url, /** @type {any} */ init) => {
    const reply = await fetch(url, init);
    const buffer = await reply.arrayBuffer();
    alive++;
    registryOfFinals.register(buffer, undefined);
    // The collector runs between two tasks at the earliest.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, alive);
    return { status: reply.status, headers: reply.headers, arrayBuffer: async () => buffer };
  };
  assert.equal((await verify({ registry: { fetch: counting } })).state, "unsigned");
  assert.ok(most < count / 2, `${most} at once`);
});

test("a signature that is longer than any is not kept either", async () => {
  const layer = simpleLayer(rsa.privateKey, Buffer.from("x"), { signature: "A".repeat(1_000_000) });
  registry.manifest(repository, manifestOf(layer), sigTag);
  const { state, reason } = await verify();
  assert.equal(state, "invalid");
  assert.match(reason, /signature of 1000000 characters/);
});

test("a bundle that the tag's junk does not hide is still found", async () => {
  registry.manifest(repository, Buffer.from("x".repeat(4_000_000)), sigTag);
  registry.referrers(repository, digest, indexOf(descriptor(bundle())));
  const { state } = await verify();
  assert.equal(state, "verified");
});
