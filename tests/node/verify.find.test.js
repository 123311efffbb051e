// Where an image's signatures are found in a registry.
import assert from "node:assert/strict";
import { createHash, sign } from "node:crypto";
import { test } from "node:test";
import { attachSignature, simpleSigningPayload, verifyImage } from "ocisign";
import {
  bundle,
  descriptor,
  digest,
  indexOf,
  indexType,
  registry,
  repository,
  rsa,
  signByTag,
  sigTag,
  status,
  verify,
} from "../support/image-in-registry.js";
import { manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

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
  const unbound = await verify({ requireRepository: true });
  assert.deepEqual([unbound.state, unbound.signatures[0]?.failed], ["invalid", "repository"]);
  assert.match(unbound.reason, /names no repository, and requireRepository asks for one/);

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

test("what stands under the fallback tag and is no index of referrers is told, whatever it lists", async () => {
  const list = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [descriptor(bundle())] }));
  for (const [bytes, type] of /** @type {const} */ ([
    [list, "application/vnd.docker.distribution.manifest.list.v2+json"],
    [list, "application/vnd.oci.image.manifest.v1+json"],
    [manifestOf(), "application/vnd.oci.image.manifest.v1+json"],
  ])) {
    registry.manifest(repository, bytes, digest.replace(":", "-"), type);
    const { state, problems } = await verify();
    assert.equal(state, "unreachable");
    assert.deepEqual(
      problems.map(({ from, code }) => [from, code]),
      [["fallback-tag", "bad-reply"]],
    );
    assert.match(problems[0]?.message ?? "", /^The index of referrers is of type `application\/vnd\./);
  }
  registry.manifest(repository, list, digest.replace(":", "-"), indexType);
  assert.equal((await verify()).state, "verified");
});

test("what was seen beside signatures is told: an index, and whether the registry lists referrers", async () => {
  for (const isIndex of [false, true]) {
    const bytes = isIndex ? Buffer.from(JSON.stringify(indexOf())) : manifestOf({ digest: "another" });
    const of = registry.manifest(repository, bytes, undefined, isIndex ? indexType : undefined);
    for (const listsReferrers of [false, true]) {
      if (listsReferrers) registry.referrers(repository, of, indexOf());
      const { seen } = await verifyImage(`${registry.domain}/${repository}@${of}`, { publicKey: rsa.pem });
      assert.deepEqual(seen, { isIndex, listsReferrers });
    }
  }
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

test("what is called something else is read to the end, until a signature is among it", async () => {
  const other = (/** @type {number} */ n) =>
    registry.manifest(repository, manifestOf({ mediaType: "application/spdx+json", digest, size: n }));
  const called = (/** @type {string} */ of) => descriptor(of, "application/spdx+json");
  const [first, second] = [called(other(1)), called(other(2))];
  registry.referrers(repository, digest, indexOf(first, second, called(bundle())));
  assert.equal((await verify()).state, "verified");
  // More than are read at once stand behind it.
  const behind = Array.from({ length: 20 }, (_, n) => called(other(n + 3)));
  registry.referrers(repository, digest, indexOf(called(bundle()), ...behind));
  registry.requests.length = 0;
  assert.equal((await verify()).state, "verified");
  const asked = registry.requests.filter(({ url }) => behind.some((it) => url.endsWith(it.digest)));
  assert.ok(asked.length < behind.length, `${asked.length}`);
});

test("a signature that is there counts, even where another place cannot be read", async () => {
  signByTag();
  registry.answer(`GET /v2/${repository}/referrers/${digest}`, status(500));
  const { state, problems } = await verify();
  assert.equal(state, "verified");
  assert.deepEqual(
    problems.map(({ from }) => from),
    ["referrers"],
  );
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

test("a bundle names no repository, and no step says that it was compared", async () => {
  registry.referrers(repository, digest, indexOf(descriptor(bundle())));
  const { signatures } = await verify();
  assert.deepEqual(
    signatures.map(({ checked, repositoryBound }) => [checked, repositoryBound]),
    [[["manifest", "blob", "signature", "content"], false]],
  );
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

test("the token dance, and ECR's basic form", async () => {
  signByTag();
  const { manifest } = signByTag();
  for (const path of [`manifests/${digest}`, `manifests/${sigTag}`, `referrers/${digest}`]) {
    const original = `/v2/${repository}/${path}`;
    registry.answer(`GET ${original}`, (request, reply) => {
      if (request.headers.authorization !== "Bearer t0ken") {
        const realm = `http://${registry.domain}/token`;
        const challenge = `Bearer realm="${realm}",service="reg",scope="repository:${repository}:pull"`;
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
