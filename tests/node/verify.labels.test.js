// What registries call things hides no signature, and what is absent by their own word is absent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ownHeader } from "../support/fake-registry.js";
import {
  bundle,
  descriptor,
  digest,
  errors,
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
import { bundleLayer, manifestOf } from "../support/signatures.js";

const json = { "content-type": "application/json" };
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const fallback = () => digest.replace(":", "-");
const routeOf = (/** @type {string} */ what) => `GET /v2/${repository}/${what}`;
const expired = JSON.stringify({
  errors: [{ code: "TAG_EXPIRED", detail: {}, message: "Tag x was deleted or has expired." }],
});

test("a tag that was deleted is not there, as Quay says it", async () => {
  for (const tag of [sigTag, fallback()])
    registry.answer(routeOf(`manifests/${tag}`), status(404, json, expired));
  const { state, problems, reason } = await verify();
  assert.deepEqual([state, problems], ["unsigned", []], reason);
  // The next place is looked at.
  registry.referrers(repository, digest, indexOf(descriptor(bundle())));
  assert.equal((await verify()).state, "verified");
});

test("a deleted tag is the registry's word only with a 404, and alone", async () => {
  const beside = JSON.stringify({ errors: [{ code: "TAG_EXPIRED" }, { code: "DENIED" }] });
  for (const answer of [status(400, json, expired), status(404, json, beside), status(410, json, expired)]) {
    registry.answer(routeOf(`manifests/${sigTag}`), answer);
    assert.equal((await verify()).state, "unreachable");
  }
});

for (const [name, answer] of /** @type {const} */ ([
  ["400 with an error", status(400, json, errors("MANIFEST_INVALID"))],
  ["400 about a digest", status(400, json, errors("DIGEST_INVALID"))],
  ["400 about the name, which was read a moment ago", status(400, json, errors("NAME_INVALID"))],
  ["404 about the name, which was read a moment ago", status(404, json, errors("NAME_UNKNOWN"))],
  ["400 with the header", status(400, ownHeader, "Bad Request")],
  ["401 without a challenge, with an error", status(401, json, errors("UNAUTHORIZED"))],
  ["401 without a challenge, with the header", status(401, ownHeader)],
])) {
  test(`referrers answered by ${name}: the fallback tag decides`, async () => {
    registry.answer(routeOf(`referrers/${digest}`), answer);
    const { state, reason } = await verify();
    assert.equal(state, "unsigned", reason);
    const list = Buffer.from(JSON.stringify(indexOf(descriptor(bundle()))));
    registry.manifest(repository, list, fallback(), indexType);
    const { state: found, problems } = await verify();
    assert.deepEqual([found, problems], ["verified", []]);
  });
}

for (const [name, answer] of /** @type {const} */ ([
  ["400 of who knows whom", status(400, {}, "Bad Request")],
  ["a proxy's 400", status(400, { "content-type": "text/html", ...ownHeader }, "<html>")],
  [
    "401 with a challenge",
    status(401, { ...json, "www-authenticate": 'Basic realm="r"' }, errors("UNAUTHORIZED")),
  ],
  ["401 of who knows whom", status(401)],
  ["403", status(403, { ...json, ...ownHeader }, errors("DENIED"))],
  ["400 about who asks", status(400, json, errors("DENIED"))],
  ["429", status(429, { ...ownHeader, "retry-after": "600" })],
])) {
  test(`referrers answered by ${name} prove nothing`, async () => {
    registry.answer(routeOf(`referrers/${digest}`), answer);
    const { state, reason } = await verify();
    assert.equal(state, "unreachable", reason);
  });
}

for (const label of [
  "application/json",
  "application/json; charset=utf-8",
  "application/octet-stream",
  "text/plain",
]) {
  test(`a signature manifest, an image and an index labelled ${label} are what they say`, async () => {
    const relabel = (/** @type {string} */ what, /** @type {Uint8Array} */ bytes) =>
      registry.answer(routeOf(`manifests/${what}`), status(200, { "content-type": label }, bytes));
    const { manifest } = signByTag();
    relabel(sigTag, manifest);
    relabel(digest, manifestOf({ digest: "the image itself" }));
    const { state, problems, reason } = await verify();
    assert.deepEqual([state, problems], ["verified", []], reason);

    // By referrers and the fallback tag, too; and in OCI's form that does not say what it is.
    registry.answer(routeOf(`manifests/${sigTag}`), status(404, json, errors("MANIFEST_UNKNOWN")));
    const { mediaType: _, ...silent } = JSON.parse(String(manifest));
    const bytes = Buffer.from(JSON.stringify(silent));
    const found = registry.manifest(repository, bytes);
    relabel(found, bytes);
    relabel(fallback(), Buffer.from(JSON.stringify(indexOf(descriptor(found)))));
    const again = await verify();
    assert.deepEqual([again.state, again.problems], ["verified", []], again.reason);
  });
}

test("what was asked for by digest is what it says under any label, even a wrong one", async () => {
  const found = bundle();
  registry.referrers(repository, digest, indexOf(descriptor(found)));
  const bytes = await fetch(`http://${registry.domain}/v2/${repository}/manifests/${found}`);
  const body = Buffer.from(await bytes.arrayBuffer());
  for (const label of [indexType, "application/vnd.docker.distribution.manifest.v2+json", "x/y", ""]) {
    registry.answer(routeOf(`manifests/${found}`), status(200, { "content-type": label }, body));
    const { state, reason } = await verify();
    assert.equal(state, "verified", `${label}: ${reason}`);
  }
});

test("a label does not make up for bytes: a page and another manifest are no image", async () => {
  registry.answer(routeOf(`manifests/${digest}`), status(200, json, "{}"));
  assert.equal((await verify()).state, "unreachable");
  registry.answer(routeOf(`manifests/${digest}`), status(200, json, manifestOf({ digest: "another" })));
  assert.equal((await verify()).state, "unreachable");
});

for (const artifactType of [
  "",
  undefined,
  null,
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.oci.empty.v1+json",
  "application/vnd.dev.sigstore.bundle+json;version=0.3",
  "application/spdx+json",
  "application/vnd.dsse.envelope.v1+json",
  "application/octet-stream",
  "text/html",
]) {
  test(`a signature that an index calls ${JSON.stringify(artifactType)} is found`, async () => {
    const { digest: simple } = signByTag();
    registry.answer(routeOf(`manifests/${sigTag}`), status(404, json, errors("MANIFEST_UNKNOWN")));
    for (const named of [bundle(), simple]) {
      registry.referrers(repository, digest, indexOf({ ...descriptor(named), artifactType }));
      const { state, reason } = await verify();
      assert.equal(state, "verified", reason);
    }
  });
}

for (const mediaType of [
  "application/vnd.dev.sigstore.bundle+json",
  "application/vnd.dev.sigstore.bundle+json;version=0.3;charset=utf-8",
  "application/vnd.dev.sigstore.bundle.v0.3.1+json",
  "application/vnd.dev.sigstore.bundle.v1+json",
]) {
  test(`a bundle of another version is no absence: ${mediaType}`, async () => {
    const { bytes, layer } = bundleLayer(rsa.privateKey, {
      digest,
      around: (it) => Object.assign(it, { mediaType }),
    });
    registry.blob(repository, bytes);
    const named = registry.manifest(repository, manifestOf({ ...layer, mediaType }));
    registry.referrers(repository, digest, indexOf({ ...descriptor(named), artifactType: mediaType }));
    const { state, reason } = await verify();
    assert.equal(state, "invalid", reason);
    assert.match(reason, /only v0\.3 is read/);
  });
}

test("what is called something else, and is, is no fault; what cannot be read there is a problem", async () => {
  const sbom = registry.manifest(
    repository,
    manifestOf({ mediaType: "application/spdx+json", digest, size: 1 }),
  );
  const nonsense = registry.manifest(repository, Buffer.from("nonsense"), undefined, "application/x");
  const nested = registry.manifest(repository, Buffer.from(JSON.stringify(indexOf())), undefined, indexType);
  const odd = registry.manifest(repository, manifestOf({ mediaType: 7, digest, size: 1 }));
  const called = (/** @type {string} */ of) => descriptor(of, "application/spdx+json");
  registry.referrers(repository, digest, indexOf(...[sbom, nonsense, nested, odd].map(called)));
  const { state, problems, reason } = await verify();
  assert.deepEqual([state, problems], ["unsigned", []], reason);
  registry.answer(routeOf(`manifests/${sbom}`), status(403));
  assert.equal((await verify()).state, "unreachable");
});

test("a layer without a type is no signature, and one of a type that is none is damaged", async () => {
  for (const [layer, state] of /** @type {const} */ ([
    [{ digest, size: 1 }, "unsigned"],
    [{ mediaType: null, digest, size: 1 }, "unsigned"],
    [{ mediaType: 7, digest, size: 1 }, "invalid"],
  ])) {
    const at = registry.manifest(repository, manifestOf(layer));
    registry.referrers(repository, digest, indexOf(descriptor(at)));
    assert.equal((await verify()).state, state, JSON.stringify(layer));
  }
});

test("what is listed twice is called a signature if it is called one once, in whichever order", async () => {
  const damaged = registry.manifest(repository, Buffer.from('{"schemaVersion":2,"layers":7}'));
  const both = [descriptor(damaged), descriptor(damaged, "application/spdx+json")];
  for (const listed of [both, [...both].reverse()]) {
    registry.referrers(repository, digest, indexOf(...listed));
    const { state, reason } = await verify();
    assert.equal(state, "invalid", reason);
  }
});

test("once it is verified, what is called something else is not asked for", async () => {
  signByTag();
  const sbom = registry.manifest(
    repository,
    manifestOf({ mediaType: "application/spdx+json", digest, size: 1 }),
  );
  registry.referrers(repository, digest, indexOf(descriptor(sbom, "application/spdx+json")));
  assert.equal((await verify()).state, "verified");
  assert.ok(registry.requests.every(({ url }) => !url.endsWith(sbom)));
});

test("a referrer by a digest that nobody can check does not hide the others", async () => {
  const strange = descriptor(`blake3:${"0".repeat(64)}`);
  registry.referrers(repository, digest, indexOf(strange, descriptor(bundle())));
  const { state, problems } = await verify();
  assert.deepEqual([state, problems.length], ["verified", 1]);
  registry.referrers(repository, digest, indexOf(strange));
  assert.equal((await verify()).state, "unreachable");
});

test("a manifest's label of the other kind still stops the image itself", async () => {
  const bytes = manifestOf({ digest: "the image itself" });
  registry.answer(routeOf(`manifests/${digest}`), status(200, { "content-type": manifestType }, bytes));
  assert.equal((await verify()).state, "unsigned");
});
