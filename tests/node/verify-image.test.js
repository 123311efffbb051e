// Verification in a registry: where signatures are found, and what a registry's misbehaviour is called.
import assert from "node:assert/strict";
import { createHash, sign } from "node:crypto";
import { after, beforeEach, test } from "node:test";
import { attachSignature, simpleSigningPayload, verifyImage } from "ocisign";
import { fetch as undiciFetch } from "undici";
import { fakeRegistry } from "../support/fake-registry.js";
import { watchedSignal } from "../support/signals.js";
import { bundleLayer, keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const rsa = keyPair("rsa");
const ec = keyPair("P-256");
const other = keyPair("rsa");
const repository = "team/app";
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
const indexType = "application/vnd.oci.image.index.v1+json";
// Long enough for what answers, even on a busy machine.
const quick = { timeoutMs: 1500 };

const opened = [];
let registry;
let reference;
let digest;
let sigTag;

beforeEach(async () => {
  registry = await fakeRegistry();
  opened.push(registry);
  digest = registry.manifest(repository, manifestOf({ digest: "the image itself" }));
  reference = `${registry.domain}/${repository}@${digest}`;
  sigTag = `${digest.replace(":", "-")}.sig`;
});
after(() => {
  for (const it of opened) it.close();
});

/** Signs the image and puts the signature under its tag. */
function signByTag(key = rsa, at = digest) {
  const bytes = Buffer.from(
    JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest: at })),
  );
  registry.blob(repository, bytes);
  const manifest = manifestOf(simpleLayer(key.privateKey, bytes));
  return { manifest, digest: registry.manifest(repository, manifest, `${at.replace(":", "-")}.sig`) };
}

/** A bundle in the registry; its manifest's digest. */
function bundle(key = rsa, options = {}) {
  const { layer, bytes } = bundleLayer(key.privateKey, { digest, ...options });
  registry.blob(repository, bytes);
  return registry.manifest(repository, manifestOf(layer));
}

const descriptor = (of, artifactType = bundleType) => ({
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  digest: of,
  size: 1,
  artifactType,
});
const indexOf = (...manifests) => ({ schemaVersion: 2, mediaType: indexType, manifests });
const verify = (options = {}) => verifyImage(reference, { publicKey: rsa.pem, ...options });

test("found by the tag", async () => {
  signByTag();
  const { state, signatures, problems, reason } = await verify();
  assert.equal(state, "verified", reason);
  assert.deepEqual(
    signatures.map(({ from, format }) => [from, format]),
    [[["tag"], "simple-signing"]],
  );
  assert.deepEqual(problems, []);
});

test("found by referrers, and by the fallback tag, and counted once", async () => {
  const found = bundle();
  registry.referrers(repository, digest, indexOf(descriptor(found)));
  let verification = await verify();
  assert.equal(verification.state, "verified", verification.reason);
  assert.deepEqual(verification.signatures[0].from, ["referrers"]);
  assert.equal(verification.signatures[0].repositoryBound, false);
  assert.equal((await verify({ requireRepository: true })).state, "invalid");

  registry.manifest(
    repository,
    Buffer.from(JSON.stringify(indexOf(descriptor(found)))),
    digest.replace(":", "-"),
    indexType,
  );
  verification = await verify();
  assert.equal(verification.signatures.length, 1, "the same one");

  registry.answer(`GET /v2/${repository}/referrers/${digest}`, (_, reply) =>
    reply.writeHead(404).end("404 page not found"),
  );
  verification = await verify();
  assert.deepEqual([verification.state, verification.signatures[0].from], ["verified", ["fallback-tag"]]);
});

test("simple signing by tag and by referrers is one signature of two places", async () => {
  const { digest: manifest } = signByTag();
  registry.referrers(
    repository,
    digest,
    indexOf(descriptor(manifest, "application/vnd.dev.cosign.artifact.sig.v1+json")),
  );
  const { state, signatures } = await verify();
  assert.equal(state, "verified");
  assert.deepEqual(
    signatures.map(({ from }) => from),
    [["tag", "referrers"]],
  );
});

test("what else refers to the image is no signature, and no fault", async () => {
  const sbom = registry.manifest(
    repository,
    manifestOf({ mediaType: "application/spdx+json", digest, size: 1 }),
  );
  registry.referrers(
    repository,
    digest,
    indexOf(descriptor(sbom, "application/spdx+json"), descriptor(sbom, "")),
  );
  assert.equal((await verify()).state, "unsigned");
});

test("an index of referrers that is none is never taken for an empty one", async () => {
  for (const index of [
    { manifests: [{}] },
    { manifests: 7 },
    { mediaType: "text/html", manifests: [] },
    [],
  ]) {
    registry.manifest(repository, Buffer.from(JSON.stringify(index)), digest.replace(":", "-"), indexType);
    const { state, problems } = await verify();
    assert.deepEqual([state, problems[0].from], ["unreachable", "fallback-tag"], JSON.stringify(index));
  }
});

test("a registry that takes the fallback tag for the digest is no reason for alarm", async () => {
  registry.manifest(repository, manifestOf({ digest: "the image itself" }), digest.replace(":", "-"));
  assert.equal((await verify()).state, "unsigned");
});

test("unsigned is the registry's own word", async () => {
  const { state, signatures, problems, reason } = await verify();
  assert.deepEqual([state, signatures, problems], ["unsigned", [], []]);
  assert.match(reason, /no signature/);
});

const html = (_, reply) => reply.writeHead(200, { "content-type": "text/html" }).end("<html>sign in");
const status =
  (code, headers = {}, body = "") =>
  (_, reply) =>
    reply.writeHead(code, headers).end(body);
const errors = (code) => JSON.stringify({ errors: [{ code }] });

for (const [name, route, answer, code] of [
  ["a login page for the image", "image", html, "bad-reply"],
  ["a login page for the tag", "tag", html, "bad-reply"],
  ["401 without a way in", "tag", status(401), "unauthorized"],
  ["403", "tag", status(403), "forbidden"],
  [
    "404 on the image",
    "image",
    status(404, { "content-type": "application/json" }, errors("MANIFEST_UNKNOWN")),
    "not-found",
  ],
  [
    "404 on the repository",
    "tag",
    status(404, { "content-type": "application/json" }, errors("NAME_UNKNOWN")),
    undefined,
  ],
  ["404 of a proxy", "tag", status(404, { "content-type": "text/html" }, "<html>nothing here"), undefined],
  ["429 for long", "tag", status(429, { "retry-after": "600" }), "rate-limited"],
  ["500", "tag", status(500), "server-error"],
  ["500 of the referrers", "referrers", status(500), "server-error"],
  [
    "a redirect of the tag to another host",
    "tag",
    status(302, { location: "http://127.0.0.1:1/" }),
    "redirected",
  ],
  ["a connection that breaks", "tag", (request) => request.socket.destroy(), "network"],
  ["a registry that hangs", "tag", () => {}, "timeout"],
  [
    "a registry that hangs half-way",
    "tag",
    (_, reply) => {
      reply.writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" });
      reply.write("{");
    },
    "timeout",
  ],
]) {
  test(`${name} is unreachable, never unsigned`, async () => {
    const routes = {
      image: `GET /v2/${repository}/manifests/${digest}`,
      tag: `GET /v2/${repository}/manifests/${sigTag}`,
      referrers: `GET /v2/${repository}/referrers/${digest}`,
    };
    registry.answer(routes[route], answer);
    // Only what hangs needs a time limit; the others have tries of their own to make.
    const { state, problems, reason } = await verify(code === "timeout" ? quick : {});
    assert.equal(state, "unreachable", reason);
    assert.ok(reason);
    assert.equal(problems[0].from, route);
    if (code) assert.equal(problems[0].code, code);
    assert.ok(problems[0].message && problems[0].fix);
  });
}

test("a signature that is there counts, even where another place cannot be read", async () => {
  signByTag();
  registry.answer(`GET /v2/${repository}/referrers/${digest}`, status(500));
  const { state, problems } = await verify();
  assert.equal(state, "verified");
  assert.equal(problems[0].from, "referrers");
});

test("an image whose bytes are others is unreachable", async () => {
  signByTag();
  registry.answer(`GET /v2/${repository}/manifests/${digest}`, (_, reply) =>
    reply.writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" }).end("{}"),
  );
  const { problems } = await verify({ publicKey: other.pem });
  assert.match(problems[0].message, /something else/);
});

test("a tag that points at an index, or at a manifest of another type, is invalid or unreachable", async () => {
  registry.manifest(repository, Buffer.from(JSON.stringify(indexOf())), sigTag, indexType);
  assert.equal((await verify()).state, "invalid");
  registry.manifest(repository, manifestOf(), sigTag, "application/json");
  assert.equal((await verify()).state, "unreachable");
});

test("blobs: missing, changed, too large, and from another host without credentials", async () => {
  const { manifest } = signByTag();
  const [layer] = JSON.parse(manifest).layers;
  const route = `GET /v2/${repository}/blobs/${layer.digest}`;
  const bytes = Buffer.from(
    JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest })),
  );
  for (const [answer, state] of [
    [status(404, { "content-type": "application/json" }, errors("BLOB_UNKNOWN")), "invalid"],
    [status(200, { "content-type": "application/octet-stream" }, "x".repeat(layer.size)), "invalid"],
    [status(200, { "content-type": "application/octet-stream" }, "x".repeat(2 * layer.size)), "invalid"],
    [status(200, { "content-length": String(200 * 1024 * 1024) }), "invalid"],
    [status(503), "unreachable"],
  ]) {
    registry.answer(route, answer);
    assert.equal((await verify()).state, state);
  }
  const storage = await fakeRegistry();
  opened.push(storage);
  storage.answer("GET /stored", (_, reply) => reply.writeHead(200).end(bytes));
  const wantsPassword = (request, reply) =>
    request.headers.authorization
      ? reply.writeHead(307, { location: `http://${storage.domain}/stored` }).end()
      : reply.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
  registry.answer(route, wantsPassword);
  const verification = await verify({ registry: { username: "AWS", password: "hunter2" } });
  assert.equal(verification.state, "verified", verification.reason);
  assert.equal(storage.requests[0].headers.authorization, undefined);
  assert.ok(!JSON.stringify(verification).includes("hunter2"));
});

test("the token dance, and ECR's basic form", async () => {
  signByTag();
  const { manifest } = signByTag();
  for (const path of [`manifests/${digest}`, `manifests/${sigTag}`, `referrers/${digest}`]) {
    const original = `/v2/${repository}/${path}`;
    registry.answer(`GET ${original}`, (request, reply) => {
      if (request.headers.authorization !== "Bearer t0ken") {
        const challenge = `Bearer realm="http://${registry.domain}/token",service="reg",scope="repository:${repository}:pull"`;
        return reply.writeHead(401, { "www-authenticate": challenge }).end();
      }
      if (path.startsWith("referrers")) return reply.writeHead(404).end("404 page not found");
      const body = path.endsWith(".sig") ? manifest : manifestOf({ digest: "the image itself" });
      return reply.writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" }).end(body);
    });
  }
  const query = `service=reg&scope=${encodeURIComponent(`repository:${repository}:pull`)}`;
  const token = (request, reply) => {
    assert.equal(request.headers.authorization, `Basic ${Buffer.from("me:pass").toString("base64")}`);
    reply.writeHead(200, { "content-type": "application/json" }).end('{"token":"t0ken"}');
  };
  registry.answer(`GET /token?${query}`, token);
  const { state, reason } = await verify({ registry: { username: "me", password: "pass" } });
  assert.equal(state, "verified", reason);
});

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
    half.manifests.map(({ state }) => state),
    ["verified", "unsigned"],
  );
  assert.match(half.reason, new RegExp(second));
  signByTag(other, second);
  assert.equal((await verifyWhole(true)).state, "invalid");
  signByTag(rsa, second);
  assert.equal((await verifyWhole(true)).state, "verified");
});

test("signatures in another repository of the registry", async () => {
  const bytes = Buffer.from(
    JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest })),
  );
  registry.blob("team/signatures", bytes);
  registry.manifest("team/signatures", manifestOf(simpleLayer(rsa.privateKey, bytes)), sigTag);
  assert.equal((await verify()).state, "unsigned");
  assert.equal((await verify({ registry: { repository: "team/signatures" } })).state, "verified");
});

test("an abort is the caller's, not a finding; wrong options are refused; undici's fetch works", async () => {
  signByTag();
  await assert.rejects(verify({ signal: AbortSignal.abort() }), { code: "aborted" });
  await assert.rejects(verify({ registry: { user: "x" } }), { code: "bad-input" });
  await assert.rejects(verify({ recursiv: true }), { code: "bad-input" });
  await assert.rejects(verifyImage("nginx", { publicKey: rsa.pem }), { code: "registry-missing" });
  await assert.rejects(verifyImage(reference), { code: "bad-input" });
  assert.equal((await verify({ registry: { fetch: undiciFetch } })).state, "verified");
});

test("a wrong signature is not attached", async () => {
  const { text } = simpleSigningPayload(reference);
  const signature = sign("sha256", Buffer.from(text), rsa.privateKey);
  await assert.rejects(attachSignature(reference, { signature, publicKey: ec.pem }), {
    code: "bad-signature",
  });
  await assert.rejects(attachSignature(reference, { signature: "!", publicKey: rsa.pem }), {
    code: "bad-signature",
  });
  assert.ok(
    registry.requests.every(({ method }) => method === "GET"),
    "nothing was pushed",
  );
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
  assert.deepEqual([good.state, good.manifests.length], ["verified", 1], "each manifest once");
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

test("one referrer that is gone does not hide the others", async () => {
  const gone = `sha256:${"0".repeat(64)}`;
  registry.referrers(repository, digest, indexOf(descriptor(gone), descriptor(bundle())));
  const { state, problems } = await verify();
  assert.deepEqual([state, problems[0].from], ["verified", "referrers"]);
});

test("sha512: no tag can hold its signatures, and the referrers tag is cut", async () => {
  const bytes = manifestOf({ digest: "sha512 image" });
  const long = `sha512:${createHash("sha512").update(bytes).digest("hex")}`;
  registry.answer(`GET /v2/${repository}/manifests/${long}`, (_, reply) =>
    reply.writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" }).end(bytes),
  );
  const image = `${registry.domain}/${repository}@${long}`;
  assert.equal((await verifyImage(image, { publicKey: rsa.pem })).state, "unsigned");
  const found = bundle(rsa, { digest: long });
  const index = Buffer.from(JSON.stringify(indexOf(descriptor(found))));
  registry.manifest(repository, index, `sha512-${long.slice(7, 71)}`, indexType);
  const { state, reason } = await verifyImage(image, { publicKey: rsa.pem });
  assert.equal(state, "verified", reason);
  const { text } = simpleSigningPayload(image);
  const signature = sign("sha256", Buffer.from(text), rsa.privateKey);
  await assert.rejects(attachSignature(image, { signature, publicKey: rsa.pem }), {
    code: "bad-input",
    message: /sha512/,
  });
});

test("a registry cannot keep us busy with JSON", async () => {
  const names = Array.from({ length: 100_000 }, (_, n) => `"n${n}":0`).join();
  registry.manifest(repository, Buffer.from(`{"layers":[],"x":{${names}}}`), sigTag);
  const { state, reason } = await verify();
  assert.equal(state, "invalid");
  assert.match(reason, /names no signature/);
});

test("nothing is fetched for keys, thresholds and options that cannot be used", async () => {
  const offCurve = Buffer.from(ec.publicKey.export({ type: "spki", format: "der" }));
  offCurve[offCurve.length - 1] ^= 1;
  for (const [options, code] of [
    [{ publicKey: "bad key" }, "bad-public-key"],
    [{ publicKey: offCurve }, "bad-public-key"],
    [{ publicKey: undefined, keys: [] }, "bad-input"],
    [{ publicKey: undefined, keys: [rsa.pem], threshold: 2 }, "bad-input"],
    [{ threshold: 0.5 }, "bad-input"],
    [{ threshold: 1.9 }, "bad-input"],
    [{ signal: "x" }, "bad-input"],
    [{ timeoutMs: -5 }, "bad-input"],
    [{ registry: { username: 7, password: "x" } }, "bad-input"],
    [{ registry: { password: "x" } }, "bad-input"],
  ]) {
    await assert.rejects(verify(options), { name: "OcisignError", code }, JSON.stringify(options));
  }
  assert.deepEqual(registry.requests, []);
});

test("attaching keeps what else the manifest says, and does not extend what is no manifest of signatures", async () => {
  const { text } = simpleSigningPayload(reference);
  const signature = sign("sha256", Buffer.from(text), ec.privateKey);
  const { manifest } = signByTag();
  const kept = Buffer.from(JSON.stringify({ ...JSON.parse(manifest), annotations: { keep: "me" } }));
  registry.manifest(repository, kept, sigTag);
  let pushed;
  const take = (request, reply) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url.includes("/manifests/")) {
        pushed = JSON.parse(Buffer.concat(chunks));
        registry.manifest(repository, Buffer.concat(chunks), sigTag);
      }
      reply.writeHead(201, { location: "/v2/upload" }).end();
    });
  };
  registry.answer(`POST /v2/${repository}/blobs/uploads/`, (_, reply) =>
    reply.writeHead(202, { location: `/v2/${repository}/upload` }).end(),
  );
  registry.answerAll("PUT", take);
  const attached = await attachSignature(reference, { signature, publicKey: ec.pem });
  assert.equal(attached.signatures, 2);
  assert.deepEqual(pushed.annotations, { keep: "me" });
  registry.manifest(
    repository,
    manifestOf({ mediaType: "application/vnd.oci.image.layer.v1.tar", digest, size: 1 }),
    sigTag,
  );
  await assert.rejects(attachSignature(reference, { signature, publicKey: ec.pem }), { code: "conflict" });
});

test("twenty verifications at once listen to one signal once, and leave it as it was", async () => {
  const { signal, listeners } = watchedSignal();
  signByTag();
  const all = await Promise.all(Array.from({ length: 20 }, () => verify({ signal })));
  assert.ok(all.every(({ state }) => state === "verified"));
  assert.equal(listeners(), 0);
});
