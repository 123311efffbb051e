// A field whose name differs from a known one only by case is another reader's field: Go's `encoding/json` folds case.
import assert from "node:assert/strict";
import { createHash, sign } from "node:crypto";
import { test } from "node:test";
import { attachSignature, describeImage, simpleSigningPayload, verifyImage, verifySignatures } from "ocisign";
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
  verify,
} from "../support/image-in-registry.js";
import { good, goodLayer, refused, verifyBundle, verifyPayload } from "../support/proving.js";
import { bundleDescriptor, bundleLayer, manifestOf, reference, statementFor } from "../support/signatures.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const said = /has the field `.*`, which other readers take for `/;

/** Other spellings of a name that Go takes for the same. @param {string} name */
function spellings(name) {
  const spelled = [
    name.toUpperCase(),
    name[0].toUpperCase() + name.slice(1),
    name.slice(0, -1) + name.slice(-1).toUpperCase(),
    name.replace("s", "\u017f"),
    name.replace("S", "\u017f"),
    name.replace("k", "\u212a"),
  ];
  return [...new Set(spelled)].filter((it) => it !== name);
}

const digestOf = (/** @type {Uint8Array} */ bytes) =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const bytesOf = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value));
const named = (/** @type {Uint8Array} */ bytes, /** @type {string} */ mediaType) => ({
  ...{ mediaType, digest: digestOf(bytes), size: bytes.length },
});

/** Every place of a document that has a name, as a path. */
const places = {
  index: {
    type: indexType,
    at: {
      "": [
        "schemaVersion",
        "mediaType",
        "manifests",
        "artifactType",
        "subject",
        "annotations",
        "config",
        "layers",
      ],
      "manifests.0": [
        "mediaType",
        "digest",
        "size",
        "platform",
        "urls",
        "data",
        "artifactType",
        "annotations",
      ],
      "manifests.0.platform": ["architecture", "os", "os.version", "os.features", "variant"],
      subject: ["mediaType", "digest", "size"],
    },
  },
  image: {
    type: manifestType,
    at: {
      "": ["schemaVersion", "mediaType", "config", "layers", "manifests", "subject", "artifactType", "blobs"],
      config: ["mediaType", "digest", "size", "data", "urls"],
      "layers.0": ["mediaType", "digest", "size", "urls", "annotations"],
      subject: ["mediaType", "digest", "size"],
    },
  },
};

const config = bytesOf({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } });

/** @param {"index" | "image"} kind @returns {any} */
function documentOf(kind) {
  const child = { ...named(manifestOf(), manifestType), platform: { os: "linux", architecture: "amd64" } };
  const common = { schemaVersion: 2, mediaType: places[kind].type, subject: named(config, manifestType) };
  if (kind === "index") return { ...common, manifests: [child] };
  return { ...common, config: named(config, configType), layers: [named(config, "application/x")] };
}

for (const kind of /** @type {const} */ (["index", "image"])) {
  for (const [path, names] of Object.entries(places[kind].at)) {
    for (const name of names) {
      test(`an ${kind} with another spelling of \`${name}\` in "${path}" is neither walked nor described`, async () => {
        registry.blob(repository, config);
        for (const spelling of spellings(name)) {
          for (const isAlone of [false, true]) {
            const document = documentOf(kind);
            let at = document;
            for (const step of path.split(".").filter(Boolean)) at = at[step];
            at[spelling] = at[name] ?? [];
            if (isAlone) delete at[name];
            const whole = registry.manifest(repository, bytesOf(document), undefined, places[kind].type);
            signByTag(rsa, whole);
            const image = `${registry.domain}/${repository}@${whole}`;
            const options = { publicKey: rsa.pem, recursive: true };
            const { state, reason } = await verifyImage(image, options);
            assert.equal(state, "unreachable", `${spelling}: ${reason}`);
            assert.match(reason, said);
            await assert.rejects(describeImage(image), { code: "bad-reply", message: said });
          }
        }
      });
    }
  }
}

test("keys of annotations, labels and other free maps may have any case; so may fields that nobody knows", async () => {
  const free = { Manifests: "a", LAYERS: "b", "org.example/Config": "c", config: "d" };
  const labelled = bytesOf({
    ...{ architecture: "amd64", os: "linux", Vendor: "x", config: { Labels: { OS: "x", os: "y" } } },
  });
  registry.blob(repository, labelled);
  const layers = [{ ...named(labelled, "application/x"), annotations: free }];
  const document = { ...documentOf("image"), layers, annotations: free, Vendor: { Layers: [] } };
  document.config = { ...named(labelled, configType), annotations: free };
  const whole = registry.manifest(repository, bytesOf(document));
  signByTag(rsa, whole);
  const image = `${registry.domain}/${repository}@${whole}`;
  assert.equal((await verifyImage(image, { publicKey: rsa.pem, recursive: true })).state, "verified");
  assert.deepEqual((await describeImage(image)).annotations, free);
});

test("an image's config with another spelling is not described", async () => {
  for (const name of [
    "os",
    "architecture",
    "variant",
    "os.version",
    "rootfs",
    "history",
    "config",
    "created",
  ]) {
    for (const spelling of spellings(name)) {
      const odd = bytesOf({ architecture: "amd64", os: "linux", [spelling]: "x" });
      registry.blob(repository, odd);
      const document = { ...documentOf("image"), config: named(odd, configType) };
      const image = `${registry.domain}/${repository}@${registry.manifest(repository, bytesOf(document))}`;
      await assert.rejects(describeImage(image), { code: "bad-reply", message: said }, spelling);
    }
  }
});

test("signatures: manifest, payload, bundle and statement", async () => {
  const read = (/** @type {unknown} */ manifest, /** @type {Uint8Array} */ blob = good) =>
    verifySignatures({ reference, publicKey: rsa.pem, manifest: JSON.stringify(manifest), blob });
  const manifest = JSON.parse(manifestOf(goodLayer).toString());
  for (const name of ["layers", "config", "mediaType", "manifests", "subject"]) {
    for (const spelling of spellings(name)) {
      await refused(read({ ...manifest, [spelling]: [] }), "manifest", said, spelling);
    }
  }
  for (const name of ["digest", "size", "annotations", "mediaType"]) {
    for (const spelling of spellings(name)) {
      const layers = [{ ...goodLayer, [spelling]: 1 }];
      await refused(read({ ...manifest, layers }), "manifest", said, spelling);
    }
  }
  const payload = good.toString();
  for (const name of [
    "critical",
    "identity",
    "docker-reference",
    "docker-manifest-digest",
    "image",
    "type",
  ]) {
    for (const spelling of spellings(name)) {
      await refused(verifyPayload(payload.replace(`"${name}"`, `"${spelling}"`)), "content", said, spelling);
    }
  }
  for (const name of ["mediaType", "dsseEnvelope", "payload", "payloadType", "signatures", "sig"]) {
    for (const spelling of spellings(name)) {
      const { bytes } = bundleLayer(rsa.privateKey);
      const odd = Buffer.from(bytes.toString().replace(`"${name}":`, `"${spelling}":0,"${name}":`));
      await refused(
        read(JSON.parse(manifestOf(bundleDescriptor(odd)).toString()), odd),
        "blob",
        said,
        spelling,
      );
    }
  }
  for (const name of ["subject", "predicateType", "digest"]) {
    for (const spelling of spellings(name)) {
      const statement = JSON.stringify(statementFor()).replace(`"${name}":`, `"${spelling}":0,"${name}":`);
      await refused(verifyBundle({ statement }), "content", said, spelling);
    }
  }
});

test("lists of referrers, by the API and under the fallback tag", async () => {
  const { digest: own, ...rest } = descriptor(bundle());
  const list = indexOf({ ...rest, digest: own });
  for (const odd of [
    { ...list, manifests: [], Manifests: list.manifests },
    { ...list, manifests: [], "manife\u017ft\u017f": list.manifests },
    {
      ...list,
      manifests: [{ ...rest, digest: own, artifactType: "text/x", ArtifactType: rest.artifactType }],
    },
    { ...list, manifests: [{ ...rest, digest: own, DIGEST: own }] },
  ]) {
    registry.referrers(repository, digest, odd);
    const { state, reason } = await verify();
    assert.equal(state, "unreachable", reason);
    assert.match(reason, said);
    registry.referrers(repository, digest, indexOf());
    registry.manifest(repository, bytesOf(odd), digest.replace(":", "-"), indexType);
    const fallback = await verify();
    assert.equal(fallback.state, "unreachable", fallback.reason);
    registry.manifest(repository, bytesOf(indexOf()), digest.replace(":", "-"), indexType);
  }
});

test("a signature is not added to a manifest that another reader reads otherwise", async () => {
  const image = `${registry.domain}/${repository}@${digest}`;
  const { text } = simpleSigningPayload(image);
  const signature = sign("sha256", Buffer.from(text), rsa.privateKey);
  for (const odd of [{ Layers: [goodLayer] }, { manifests: [] }, { mediaType: indexType }]) {
    registry.manifest(
      repository,
      bytesOf({ ...JSON.parse(manifestOf(goodLayer).toString()), ...odd }),
      sigTag,
    );
    const attaching = attachSignature(image, { signature, publicKey: rsa.pem });
    await assert.rejects(attaching, { code: "conflict" });
  }
});

for (const [name, document, type] of /** @type {const} */ ([
  ["an index that is also an image", { ...documentOf("index"), layers: [] }, indexType],
  ["an index that has a config", { ...documentOf("index"), config: named(config, configType) }, indexType],
  ["an image that is also an index", { ...documentOf("image"), manifests: [] }, manifestType],
  [
    "both, and it says of itself neither",
    { ...documentOf("image"), mediaType: undefined, manifests: [] },
    indexType,
  ],
  ["an index that the registry calls an image", documentOf("index"), manifestType],
  ["an image that the registry calls an index", documentOf("image"), indexType],
  ["an image with the layers of docker's schema 1", { ...documentOf("image"), fsLayers: [] }, manifestType],
])) {
  test(`${name} is neither walked nor described`, async () => {
    registry.blob(repository, config);
    const whole = registry.manifest(repository, bytesOf(document), undefined, type);
    signByTag(rsa, whole);
    const image = `${registry.domain}/${repository}@${whole}`;
    const { state, reason } = await verifyImage(image, { publicKey: rsa.pem, recursive: true });
    assert.equal(state, "unreachable", reason);
    await assert.rejects(describeImage(image), { code: "bad-reply" });
  });
}

test("a manifest in an index is what the index says it is, or the walk ends", async () => {
  const inner = bytesOf(documentOf("index"));
  const child = registry.manifest(repository, inner, undefined, indexType);
  const whole = registry.manifest(
    repository,
    bytesOf(indexOf({ mediaType: manifestType, digest: child, size: inner.length })),
    undefined,
    indexType,
  );
  for (const signed of [whole, child]) signByTag(rsa, signed);
  const image = `${registry.domain}/${repository}@${whole}`;
  const { state, reason } = await verifyImage(image, { publicKey: rsa.pem, recursive: true });
  assert.equal(state, "unreachable");
  assert.match(reason, /index calls the image/);
});
