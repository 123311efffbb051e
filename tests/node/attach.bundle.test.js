// A bundle beside what others put there: added once, in the place where the registry keeps what refers to an image.
import assert from "node:assert/strict";
import { createHash, sign } from "node:crypto";
import { test } from "node:test";
import { attachSignature, parseReference, signingPayload, simpleSigningPayload, verifyImage } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { slsa } from "../support/attested.js";
import { indexType, referringRegistry } from "../support/referring-registry.js";
import { bundleLayer, keyPair, manifestOf, simpleLayer } from "../support/signatures.js";

const bytes = manifestOf({ digest: "the image itself" });
const digest = digestOf(bytes);
const repository = "team/app";
const reference = `registry.example/${repository}@${digest}`;
const tag = digest.replace(":", "-");
const tagPath = `/v2/${repository}/manifests/${tag}`;
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
const ec = keyPair("P-256");

/** @param {string} format @param {any} [key] */
async function signed(format, { privateKey } = ec, hash = "sha256") {
  const payload = await signingPayload(reference, /** @type {any} */ (format));
  return sign(hash, payload.bytes, privateKey);
}

/** @param {Parameters<typeof referringRegistry>[0]} [how] */
function registryWith(how) {
  const registry = referringRegistry(how);
  registry.manifest(repository, bytes);
  return registry;
}

/** @param {ReturnType<typeof referringRegistry>} registry @param {object} options */
const attach = ({ fetch }, options) =>
  attachSignature(reference, /** @type {any} */ ({ publicKey: ec.pem, registry: { fetch }, ...options }));

/** What is referred to by the index under the fallback tag. @param {ReturnType<typeof referringRegistry>} registry */
const listed = (registry) =>
  registry.json(tagPath).manifests.map((/** @type {{ digest: string }} */ it) => it.digest);

test("what a signer signs in each format, with its digests", async () => {
  for (const format of /** @type {const} */ (["simple-signing", "bundle"])) {
    const payload = await signingPayload(parseReference(reference), format);
    for (const hash of /** @type {const} */ (["sha256", "sha384", "sha512"])) {
      assert.equal(payload[hash], createHash(hash).update(payload.bytes).digest("hex"));
    }
  }
  const simple = await signingPayload(reference, "simple-signing");
  assert.equal(Buffer.from(simple.bytes).toString(), simpleSigningPayload(reference).text);
  const long = `registry.example/app@sha512:${"ab".repeat(64)}`;
  const { bytes: message } = await signingPayload(long, "bundle");
  assert.match(
    Buffer.from(message).toString(),
    /^DSSEv1 28 application\/vnd\.in-toto\+json \d+ \{.*"sha512":"(ab){64}"/,
  );
  for (const wrong of ["both", "Bundle", "", undefined, null, 3, ["bundle"]]) {
    await assert.rejects(signingPayload(reference, /** @type {any} */ (wrong)), {
      code: "bad-input",
      fix: "Pass one of: simple-signing, bundle.",
    });
  }
});

for (const lists of [true, false]) {
  test(`both formats, ${lists ? "with" : "without"} a list of referrers: each in its place, and once`, async () => {
    const registry = registryWith({ lists });
    const signature = { "simple-signing": await signed("simple-signing"), bundle: await signed("bundle") };
    const first = await attach(registry, { format: "both", signature });
    assert.deepEqual([first.tag, first.signatures], [`${tag}.sig`, 1]);
    assert.deepEqual(
      first.formats.map(({ format, place, tag: under, wasThere }) => [format, place, under, wasThere]),
      [
        ["simple-signing", "tag", `${tag}.sig`, false],
        ["bundle", lists ? "referrers" : "fallback-tag", lists ? undefined : tag, false],
      ],
    );
    for (const it of first.formats) assert.ok(registry.held.has(`/v2/${repository}/manifests/${it.digest}`));
    const writes = registry.writes().length;
    const again = await attach(registry, { format: "both", signature });
    assert.deepEqual(again, { ...first, formats: first.formats.map((it) => ({ ...it, wasThere: true })) });
    assert.equal(registry.writes().length, writes, "nothing was written");

    const verification = await verifyImage(reference, {
      publicKey: ec.pem,
      registry: { fetch: registry.fetch },
    });
    assert.equal(verification.state, "verified");
    assert.deepEqual(
      verification.signatures.map(({ format }) => format),
      ["simple-signing", "bundle"],
    );
  });

  test(`what others keep there stays, ${lists ? "with" : "without"} a list of referrers`, async () => {
    const registry = registryWith({ lists });
    const other = keyPair("rsa");
    const { layer, bytes: theirs } = bundleLayer(other.privateKey, { digest });
    registry.held.set(`/v2/${repository}/blobs/${layer.digest}`, { bytes: theirs, type: "" });
    const subject = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: bytes.length };
    const sbom = { mediaType: "application/spdx+json", digest: digestOf("{}"), size: 2 };
    const manifests = [
      [layer, bundleType],
      [sbom, "application/spdx+json"],
    ].map(([it, artifactType]) => {
      const manifest = Buffer.from(
        JSON.stringify({ ...JSON.parse(String(manifestOf(it))), artifactType, subject }),
      );
      const { mediaType } = subject;
      return {
        mediaType,
        digest: registry.manifest(repository, manifest),
        size: manifest.length,
        artifactType,
        extra: 1,
      };
    });
    const index = { schemaVersion: 2, mediaType: indexType, annotations: { keep: "me" }, manifests };
    if (!lists) registry.tag(repository, tag, index);

    const attached = await attach(registry, { format: "bundle", signature: await signed("bundle") });
    assert.equal(attached.signatures, 2, "theirs and ours; a bill of materials is no signature");
    if (!lists) {
      const now = registry.json(tagPath);
      assert.deepEqual(now.manifests.slice(0, 2), manifests);
      assert.deepEqual(now.annotations, index.annotations);
      assert.equal(now.manifests.length, 3);
    }
    const keys = { keys: [ec.pem, other.pem], threshold: 2, registry: { fetch: registry.fetch } };
    assert.equal((await verifyImage(reference, keys)).state, "verified");
  });
}

test("the same signature in another manifest, by whoever pushed it, is there already", async () => {
  const registry = registryWith();
  const signature = await signed("bundle");
  const [{ digest: made }] = (await attach(registry, { format: "bundle", signature })).formats;
  const manifest = registry.json(`/v2/${repository}/manifests/${made}`);
  registry.held.delete(`/v2/${repository}/manifests/${made}`);
  delete manifest.annotations;
  const theirs = registry.manifest(repository, Buffer.from(JSON.stringify(manifest)));
  const { formats } = await attach(registry, { format: "bundle", signature });
  assert.deepEqual([formats[0].digest, formats[0].wasThere], [theirs, true]);
});

test("a bundle in another repository than the image's is found there, and nowhere else", async () => {
  for (const lists of [true, false]) {
    const registry = registryWith({ lists });
    const elsewhere = { fetch: registry.fetch, repository: "team/signatures" };
    const options = { format: "bundle", signature: await signed("bundle"), registry: elsewhere };
    for (const wasThere of [false, true])
      assert.equal((await attach(registry, options)).formats[0].wasThere, wasThere);
    const verify = (/** @type {any} */ access) =>
      verifyImage(reference, { publicKey: ec.pem, registry: access });
    assert.equal((await verify(elsewhere)).state, "verified");
    assert.equal((await verify({ fetch: registry.fetch })).state, "unsigned");
  }
});

test("a registry that lists, and does not say so: nothing more is written; one that does neither gets the index", async () => {
  const signature = await signed("bundle");
  const silent = registryWith({ lists: true, says: false });
  assert.equal((await attach(silent, { format: "bundle", signature })).formats[0].place, "referrers");
  assert.equal(silent.held.has(tagPath), false);

  // Its list stays empty, as of a registry that has one and does not look at what is pushed.
  const empty = () =>
    new Response(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [] }), {
      headers: { "content-type": indexType },
    });
  const idle = registryWith({
    says: false,
    before: ({ path }) => (path.includes("/referrers/") ? empty() : undefined),
  });
  for (const wasThere of [false, true]) {
    const { formats } = await attach(idle, { format: "bundle", signature });
    assert.deepEqual([formats[0].place, formats[0].wasThere], ["fallback-tag", wasThere]);
  }
  assert.equal(listed(idle).length, 1);
});

test("another writer between reading and writing the index: done again, and both stay", async () => {
  const theirs = {
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: `sha256:${"cd".repeat(32)}`,
    size: 3,
  };
  for (const races of [1, 2]) {
    let left = races;
    /** @type {any} */
    let registry;
    const after = (/** @type {any} */ { method, path }, /** @type {Response} */ reply) => {
      // Their index replaces ours, as they had read it before we wrote.
      if (method === "PUT" && path === tagPath && left-- > 0)
        registry.tag(repository, tag, { schemaVersion: 2, mediaType: indexType, manifests: [theirs] });
      return reply;
    };
    registry = registryWith({ lists: false, after });
    const { formats } = await attach(registry, { format: "bundle", signature: await signed("bundle") });
    assert.deepEqual(listed(registry), [theirs.digest, formats[0].digest]);
    assert.equal(formats[0].wasThere, false);
  }
  const always = registryWith({
    lists: false,
    after: ({ method, path }, reply) => {
      if (method === "PUT" && path === tagPath)
        always.tag(repository, tag, { schemaVersion: 2, mediaType: indexType, manifests: [theirs] });
      return reply;
    },
  });
  await assert.rejects(attach(always, { format: "bundle", signature: await signed("bundle") }), {
    code: "conflict",
    message: /Another writer keeps replacing/,
  });
});

test("a failure after it was taken is none, and one before it pushes nothing twice", async () => {
  const signature = await signed("bundle");
  for (const status of [500, 504, 400]) {
    const registry = registryWith({
      after: ({ method, path }, reply) =>
        method === "PUT" && path.includes("/manifests/") ? new Response("", { status }) : reply,
    });
    const { formats } = await attach(registry, { format: "bundle", signature });
    const { place, signatures, wasThere } = formats[0];
    assert.deepEqual([place, signatures, wasThere], ["referrers", 1, false]);
  }
  // Killed after the manifest, before the index: the next run ends with one in the index.
  let isKilled = true;
  const registry = registryWith({
    lists: false,
    before: ({ method, path }) => {
      if (isKilled && method === "PUT" && path === tagPath) throw new Error("killed");
      return undefined;
    },
  });
  await assert.rejects(attach(registry, { format: "bundle", signature }));
  isKilled = false;
  for (const wasThere of [false, true]) {
    const { formats } = await attach(registry, { format: "bundle", signature });
    assert.equal(formats[0].wasThere, wasThere);
  }
  assert.equal(listed(registry).length, 1);
});

test("a write that is refused is told, whatever the registry says afterwards", async () => {
  for (const format of /** @type {const} */ (["simple-signing", "bundle"])) {
    let isRefused = false;
    const registry = registryWith({
      before: ({ method, path }) => {
        if (isRefused) return new Response("", { status: 503 });
        isRefused = method === "PUT" && path.includes("/manifests/");
        return isRefused ? new Response("", { status: 403 }) : undefined;
      },
    });
    await assert.rejects(attach(registry, { format, signature: await signed(format) }), {
      code: "forbidden",
    });
  }
});

test("what stands under the fallback tag and is no index of referrers is not replaced", async () => {
  const signature = await signed("bundle");
  for (const [content, type] of /** @type {[unknown, string | undefined][]} */ ([
    [
      JSON.parse(String(manifestOf({ digest: "another image" }))),
      "application/vnd.oci.image.manifest.v1+json",
    ],
    [{ schemaVersion: 2, manifests: [] }, "application/vnd.docker.distribution.manifest.list.v2+json"],
    [{ schemaVersion: 1, mediaType: indexType, manifests: [] }, undefined],
    [{ schemaVersion: 2, mediaType: indexType, manifests: [{ digest: "x" }] }, undefined],
    [{ schemaVersion: 2, mediaType: indexType, manifests: {} }, undefined],
    [{ schemaVersion: 2, mediaType: indexType, manifests: [], layers: [] }, undefined],
    ["text", undefined],
  ])) {
    const registry = registryWith({ lists: false });
    registry.tag(repository, tag, content, type);
    const before = registry.held.get(tagPath);
    await assert.rejects(attach(registry, { format: "bundle", signature }), { code: "conflict" });
    assert.equal(registry.held.get(tagPath), before);
    assert.deepEqual(registry.writes(), []);
  }
  const full = registryWith({ lists: false });
  const many = Array.from({ length: 1000 }, (_, at) => ({
    mediaType: "application/spdx+json",
    digest: `sha256:${at.toString(16).padStart(64, "0")}`,
    size: 1,
    artifactType: "application/spdx+json",
  }));
  full.tag(repository, tag, { schemaVersion: 2, mediaType: indexType, manifests: many });
  await assert.rejects(attach(full, { format: "bundle", signature }), {
    code: "conflict",
    message: /1000 manifests/,
  });
});

test("a registry that names the image itself under the fallback tag has no index there yet", async () => {
  const registry = registryWith({ lists: false });
  registry.tag(repository, tag, JSON.parse(String(bytes)), "application/vnd.oci.image.manifest.v1+json");
  const { formats } = await attach(registry, { format: "bundle", signature: await signed("bundle") });
  assert.equal(formats[0].place, "fallback-tag");
});

test("an image that is not there, and replies that prove nothing: nothing is written", async () => {
  const signature = await signed("bundle");
  for (const [path, answer, code] of /** @type {[string, () => Response, string][]} */ ([
    [
      `manifests/${digest}`,
      () => Response.json({ errors: [{ code: "MANIFEST_UNKNOWN" }] }, { status: 404 }),
      "not-found",
    ],
    [
      `manifests/${digest}`,
      () => new Response("{}", { headers: { "content-type": indexType } }),
      "bad-reply",
    ],
    [
      `referrers/${digest}`,
      () => new Response("<h1>404</h1>", { status: 404, headers: { "content-type": "text/html" } }),
      "bad-reply",
    ],
    [`referrers/${digest}`, () => new Response("", { status: 403 }), "forbidden"],
    [
      `referrers/${digest}`,
      () => new Response("{}", { headers: { "content-type": indexType } }),
      "bad-reply",
    ],
    [
      `manifests/${tag}`,
      () => new Response("<form>", { headers: { "content-type": "text/html" } }),
      "bad-reply",
    ],
    [`manifests/${tag}`, () => new Response("", { status: 500 }), "server-error"],
  ])) {
    const isAt = (/** @type {string} */ asked) => asked === `/v2/${repository}/${path}`;
    const registry = registryWith({ lists: false, before: (it) => (isAt(it.path) ? answer() : undefined) });
    await assert.rejects(attach(registry, { format: "bundle", signature }), { code }, path);
    assert.deepEqual(registry.writes(), [], path);
  }
});

test("each format's signature is over its own bytes, and nothing is pushed unless all of them hold", async () => {
  const [simple, bundle] = [await signed("simple-signing"), await signed("bundle")];
  const stranger = await signed("bundle", keyPair("P-256"));
  for (const [options, code, message] of /** @type {[object, string, RegExp][]} */ ([
    [{ signature: simple, format: "bundle" }, "bad-signature", /not pushed/],
    [{ signature: bundle }, "bad-signature", /not pushed/],
    [{ signature: stranger, format: "bundle" }, "bad-signature", /not pushed/],
    [
      { signature: { "simple-signing": simple, bundle: stranger }, format: "both" },
      "bad-signature",
      /not pushed/,
    ],
    [
      { signature: { "simple-signing": bundle, bundle: simple }, format: "both" },
      "bad-signature",
      /not pushed/,
    ],
    [
      { signature: { "simple-signing": simple }, format: "both" },
      "bad-input",
      /signature\["bundle"\] is neither/,
    ],
    [
      { signature: { bundle, "simple-signing": "?" }, format: "both" },
      "bad-signature",
      /signature\["simple-signing"\] is/,
    ],
    [
      { signature: { bundle, "simple-signing": simple, jws: simple }, format: "both" },
      "bad-input",
      /unknown field `jws`/,
    ],
    [{ signature: bundle, format: "both" }, "bad-input", /signature is not an object/],
    [{ signature: { "simple-signing": simple, bundle } }, "bad-input", /signature is neither text nor bytes/],
    [{ signature: bundle, format: "bundles" }, "bad-input", /format/],
    [{ signature: bundle, format: null }, "bad-input", /format/],
  ])) {
    const registry = registryWith();
    await assert.rejects(attach(registry, options), { code, message });
    assert.deepEqual(registry.writes(), []);
  }
});

for (const [curve, hashes] of /** @type {const} */ ([
  ["P-256", ["sha256"]],
  ["P-384", ["sha256", "sha384"]],
  ["P-521", ["sha256", "sha512"]],
  ["rsa", ["sha256", "sha384", "sha512"]],
])) {
  test(`a key of ${curve} and each of its hashes, in every spelling, pushed in one`, async () => {
    const key = keyPair(curve);
    for (const hash of hashes) {
      const { bytes: message } = await signingPayload(reference, "bundle");
      const usual = sign(hash, message, key.privateKey);
      const raw = sign(hash, message, { key: key.privateKey, dsaEncoding: "ieee-p1363" });
      for (const signature of [
        usual,
        raw,
        raw.toString("base64"),
        raw.toString("base64url"),
        usual.toString("hex"),
      ]) {
        const registry = registryWith();
        const { formats } = await attach(registry, { format: "bundle", signature, publicKey: key.pem });
        const [layer] = registry.json(`/v2/${repository}/manifests/${formats[0].digest}`).layers;
        const { dsseEnvelope, verificationMaterial } = registry.json(
          `/v2/${repository}/blobs/${layer.digest}`,
        );
        const pushed = Buffer.from(dsseEnvelope.signatures[0].sig, "base64");
        if (curve !== "rsa") assert.equal(pushed[0], 0x30, "DER");
        const spki = key.publicKey.export({ type: "spki", format: "der" });
        assert.equal(verificationMaterial.publicKey.hint, createHash("sha256").update(spki).digest("base64"));
        const options = { publicKey: key.pem, registry: { fetch: registry.fetch } };
        const { state, signatures } = await verifyImage(reference, options);
        assert.deepEqual([state, signatures[0]?.hash], ["verified", hash.replace("sha", "SHA-")]);
      }
    }
  });
}

test("an image with a sha512 digest: a bundle, and no simple signing", async () => {
  const long = `sha512:${createHash("sha512").update(bytes).digest("hex")}`;
  const image = `registry.example/${repository}@${long}`;
  const registry = referringRegistry();
  registry.held.set(`/v2/${repository}/manifests/${long}`, {
    bytes,
    type: "application/vnd.oci.image.manifest.v1+json",
  });
  const make = async (/** @type {"simple-signing" | "bundle"} */ format) =>
    sign("sha256", (await signingPayload(image, format)).bytes, ec.privateKey);
  const signature = { "simple-signing": await make("simple-signing"), bundle: await make("bundle") };
  const options = { publicKey: ec.pem, registry: { fetch: registry.fetch } };
  await assert.rejects(attachSignature(image, { ...options, format: "both", signature }), {
    code: "bad-input",
  });
  assert.deepEqual(registry.writes(), []);
  await attachSignature(image, { ...options, format: "bundle", signature: signature.bundle });
  assert.equal((await verifyImage(image, options)).state, "verified");
});

test("what the caller changes after the call changes nothing", async () => {
  const registry = registryWith();
  const signature = { "simple-signing": await signed("simple-signing"), bundle: await signed("bundle") };
  const options = { format: "both", signature, publicKey: Buffer.from(ec.pem) };
  const attaching = attach(registry, options);
  for (const bytes of [signature["simple-signing"], signature.bundle, options.publicKey]) bytes.fill(7);
  options.format = "bundle";
  assert.equal((await attaching).formats.length, 2);
});

test("a signature that is there, and whose blob is not, or is named wrongly, is pushed once more", async () => {
  for (const format of /** @type {const} */ (["simple-signing", "bundle"])) {
    for (const spoil of ["lose", "damage", "lengthen", "another size"]) {
      const registry = registryWith();
      // Of this kind, the same bytes have the same signature.
      const rsa = keyPair("rsa");
      const options = { format, signature: await signed(format, rsa), publicKey: rsa.pem };
      const [{ digest: own, place }] = (await attach(registry, options)).formats;
      const path = `/v2/${repository}/manifests/${place === "tag" ? `${tag}.sig` : own}`;
      const manifest = registry.json(path);
      const blob = `/v2/${repository}/blobs/${manifest.layers[0].digest}`;
      if (spoil === "lose") registry.held.delete(blob);
      else if (spoil === "damage") registry.held.set(blob, { bytes: Buffer.from("x"), type: "" });
      else if (spoil === "lengthen") registry.held.set(blob, { bytes: Buffer.alloc(9999, "x"), type: "" });
      else {
        manifest.layers[0].size = 1;
        const wrong = Buffer.from(JSON.stringify(manifest));
        registry.held.delete(path);
        if (place === "tag") registry.held.set(path, { bytes: wrong, type: manifest.mediaType });
        else registry.manifest(repository, wrong);
      }
      const verify = () =>
        verifyImage(reference, { publicKey: rsa.pem, registry: { fetch: registry.fetch } });
      const about = `${format}, ${spoil}`;
      assert.equal((await verify()).state, "invalid", about);
      assert.equal((await attach(registry, options)).formats[0]?.wasThere, false, about);
      assert.equal((await verify()).state, "verified", about);
      assert.equal((await attach(registry, options)).formats[0]?.wasThere, true, about);
    }
  }
});

test("where the blob of a signature cannot be read, that is told, and nothing is pushed", async () => {
  for (const format of /** @type {const} */ (["simple-signing", "bundle"])) {
    let isAway = false;
    const registry = registryWith({
      before: ({ method, path }) =>
        isAway && method === "GET" && path.includes("/blobs/")
          ? new Response("", { status: 403 })
          : undefined,
    });
    const rsa = keyPair("rsa");
    const options = { format, signature: await signed(format, rsa), publicKey: rsa.pem };
    await attach(registry, options);
    isAway = true;
    const before = registry.writes().length;
    await assert.rejects(attach(registry, options), { code: "forbidden" });
    assert.equal(registry.writes().length, before);
  }
});

test("a signature that does not hold is told with its reason, in each format", async () => {
  for (const format of /** @type {const} */ (["simple-signing", "bundle"])) {
    const registry = registryWith();
    await assert.rejects(attach(registry, { format, signature: await signed(format, keyPair("P-256")) }), {
      code: "bad-signature",
      message: "The signature is not pushed: The signature was not made with any of the given keys.",
    });
    assert.deepEqual(registry.writes(), []);
  }
});

test("where the registry lists by itself, what stands under the fallback tag does not matter", async () => {
  for (const content of ["text", { schemaVersion: 2, mediaType: indexType, manifests: {} }]) {
    const registry = registryWith({ lists: true });
    registry.tag(repository, tag, content);
    const { formats } = await attach(registry, { format: "bundle", signature: await signed("bundle") });
    assert.equal(formats[0].place, "referrers");
    assert.deepEqual(registry.json(tagPath), content, "it is still there");
  }
});

test("what is listed as something else is not read, and what is no bundle does not count as one", async () => {
  const registry = registryWith({ lists: false });
  const imageType = "application/vnd.oci.image.manifest.v1+json";
  const put = (/** @type {object} */ layer, /** @type {string} */ artifactType) => {
    const digest = registry.manifest(repository, manifestOf(layer));
    return { mediaType: imageType, digest, size: 1, artifactType };
  };
  const attested = Buffer.from(
    JSON.stringify({
      ...JSON.parse(String(manifestOf(bundleLayer(ec.privateKey, { digest, predicateType: slsa }).layer))),
      annotations: { "dev.sigstore.bundle.predicateType": slsa },
    }),
  );
  const attestation = { mediaType: imageType, digest: registry.manifest(repository, attested), size: 1 };
  const sbom = put({ mediaType: "application/spdx+json", digest, size: 2 }, "application/spdx+json");
  const simple = put(simpleLayer(ec.privateKey, Buffer.from("x")), bundleType);
  const damaged = put({ mediaType: bundleType, digest: 7, size: 2 }, bundleType);
  const manifests = [sbom, simple, damaged, { ...attestation, artifactType: bundleType }];
  registry.tag(repository, tag, { schemaVersion: 2, mediaType: indexType, manifests });
  const { signatures } = await attach(registry, { format: "bundle", signature: await signed("bundle") });
  assert.equal(signatures, 1);
  assert.ok(registry.asked.every(({ path }) => !path.endsWith(sbom.digest)));
});
