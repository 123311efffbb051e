// Images with all that can stand beside them, for the tests that measure who accepts which: signatures of one key and of
// another, in both formats, over several hashes, and attestations.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { pushImage } from "../../demo/image.js";
import { digestOf, Registry } from "../../demo/registry.js";
import {
  bundleLayer,
  dsseMessage,
  keyPair,
  manifestOf,
  payloadFor,
  simpleLayer,
  statementFor,
} from "./signatures.js";

/** @typedef {import("../../pkg/src/accepts/situation.ts").Trait} Trait */
/** @typedef {import("ocisign").KeyType} KeyType */

const imageType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
const emptyType = "application/vnd.oci.empty.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const envelopeType = "application/vnd.dsse.envelope.v1+json";
const inToto = "application/vnd.in-toto+json";
export const slsa = "https://slsa.dev/provenance/v1";

/** The hash that a larger curve's signers take. */
const ownHash = { secp384r1: "sha384", secp521r1: "sha512" };

/**
 * What is tried: the traits of each image, whose signatures stand in this order, and what a verification tells of it where
 * that is less. Attestations that lie
 * beside a signature are told only if they are in bundles.
 *
 * @type {readonly (readonly Trait[])[]}
 */
export const recipes = [
  [],
  ...pairs(["simple"], ["bundle"]),
  ...pairs(["other:simple"], ["other:bundle"]),
  ["other:simple", "simple"],
  // Some let the last signature decide alone.
  ["simple", "other:simple"],
  ["bundle", "other:bundle"],
  ["other:bundle", "simple"],
  ["bundle", "other:simple"],
  ["bundle", "other:bundle", "simple"],
  ["bundle", "other:simple", "simple"],
  ["bundle", "simple", "other:simple"],
  ["bundle", "other:bundle", "other:simple"],
  ["other:bundle", "other:simple", "simple"],
  ["bundle", "other:bundle", "other:simple", "simple"],
  ...[[], ...pairs(["simple"], ["bundle"])].flatMap((signed) => [
    /** @type {Trait[]} */ (["attestation", ...signed]),
    /** @type {Trait[]} */ (["attestation-tag", ...signed]),
  ]),
  ["simple:tagged"],
  ["simple", "simple:tagged"],
  ["bundle", "simple:tagged"],
  ["simple:elsewhere"],
  ["simple", "simple:elsewhere"],
  ["bundle", "simple:elsewhere"],
  ...pairs(["simple:own-hash"], ["bundle:own-hash"]),
  ["simple", "simple:own-hash"],
  ["simple:own-hash", "simple"],
  ["bundle", "bundle:own-hash"],
  ["bundle", "simple:own-hash"],
  ["bundle:own-hash", "simple"],
  ["bundle", "bundle:own-hash", "simple", "simple:own-hash"],
  ["index"],
  ...pairs(["simple"], ["bundle"]).map((signed) => /** @type {Trait[]} */ (["index", ...signed])),
];

/** Each, and both. @param {Trait[]} one @param {Trait[]} other @returns {Trait[][]} */
function pairs(one, other) {
  return [one, other, [...one, ...other]];
}

/** @type {readonly KeyType[]} */
const keyTypes = ["RSA2048", "RSA3072", "RSA4096", "secp256r1", "secp384r1", "secp521r1"];

/**
 * The types of keys with which a recipe is tried: all of them where one signature in each format is all there is. A place
 * in which bundles are listed is tried with one.
 *
 * @param {readonly Trait[]} traits @param {string} place
 */
export function keyTypesFor(traits, place) {
  if (traits.some((trait) => trait.endsWith("own-hash"))) {
    return place === "referrers" ? keyTypes.slice(4) : keyTypes.slice(4, 5);
  }
  if (place !== "referrers") return ["secp256r1"];
  const isPlain = traits.every((trait) => trait === "simple" || trait === "bundle");
  return isPlain ? keyTypes : ["secp256r1"];
}

/** @param {KeyType} keyType */
export function keyOf(keyType) {
  const bits = /^RSA(\d+)$/.exec(keyType)?.[1];
  if (bits) return keyPair("rsa", Number(bits));
  const namedCurve = { secp256r1: "P-256", secp384r1: "P-384", secp521r1: "P-521" }[String(keyType)];
  const pair = generateKeyPairSync("ec", { namedCurve: String(namedCurve) });
  return { ...pair, pem: String(pair.publicKey.export({ type: "spki", format: "pem" })) };
}

/** By the key or another one, in a bundle; or in an envelope that is none. @typedef {"own" | "other" | "plain"} AttestationKind */
export const attestationKinds = /** @type {const} */ (["own", "other", "plain"]);

const other = keyOf("secp256r1");
let images = 0;

/**
 * Pushes an image with these things beside it, and nothing else.
 *
 * @param {import("../../demo/registry.js").RegistryAccess & { domain: string }} access
 * @param {readonly Trait[]} traits @param {ReturnType<typeof keyOf>} key @param {KeyType} keyType
 * @param {AttestationKind} [kind] which attestation, where there is one
 */
export async function imageIn(access, traits, key, keyType, kind = "own") {
  // A program that was waited for in one go hid from this process that the registry ended idle connections.
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  const registry = new Registry(access);
  const repository = `team/image-${++images}`;
  const name = `${access.domain}/${repository}`;
  const one = await pushImage(registry, repository, `image ${images} of ${process.pid}\n`);
  const digest = traits.includes("index") ? await pushIndex(registry, repository, one) : one;
  const own = ownHash[keyType] ?? "sha256";
  /** @param {typeof other} by @param {string} signedFor @param {string} [hash] */
  const simple = async (by, signedFor, hash) => {
    const bytes = Buffer.from(JSON.stringify(payloadFor({ repository: signedFor, digest })));
    await registry.pushBlob(repository, bytes);
    return simpleLayer(by.privateKey, bytes, { hash });
  };
  /** @param {typeof other} by @param {import("./signatures.js").BundleOptions} [options] */
  const bundled = async (by, options) => {
    const spki = by.publicKey.export({ type: "spki", format: "der" });
    const hint = createHash("sha256").update(spki).digest("base64");
    const around = (/** @type {any} */ bundle) => {
      bundle.verificationMaterial.publicKey.hint = hint;
    };
    const { bytes, layer } = bundleLayer(by.privateKey, { digest, around, ...options });
    await refer(registry, access, { repository, digest, bytes, layer, ...options });
  };
  /** @type {Partial<Record<Trait, () => Promise<unknown>>>} */
  const layers = {
    simple: () => simple(key, name),
    "simple:own-hash": () => simple(key, name, own),
    "simple:tagged": () => simple(key, `${name}:1.0`),
    "simple:elsewhere": () => simple(key, `${access.domain}/team/elsewhere`),
    "other:simple": () => simple(other, name),
  };
  /** @type {Partial<Record<Trait, () => Promise<void>>>} */
  const others = {
    bundle: () => bundled(key),
    "bundle:own-hash": () => bundled(key, { hash: own }),
    "other:bundle": () => bundled(other),
    attestation: () =>
      kind === "plain"
        ? referToEnvelope(registry, access, { repository, digest, key })
        : bundled(kind === "own" ? key : other, { predicateType: slsa }),
    "attestation-tag": () => attestUnderTag(registry, { repository, digest, key }),
  };
  const found = [];
  for (const trait of traits) {
    const layer = await layers[trait]?.();
    if (layer) found.push(layer);
    await others[trait]?.();
  }
  if (found.length > 0) await pushSignatures(registry, repository, digest, found);
  return `${name}@${digest}`;
}

/** @param {Registry} registry @param {string} repository @param {string} digest of its one image */
async function pushIndex(registry, repository, digest) {
  const { length: size } = await registry.manifest(repository, digest);
  const manifests = [
    { mediaType: imageType, digest, size, platform: { os: "linux", architecture: "amd64" } },
  ];
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
  return registry.pushManifest(repository, "index", index, indexType);
}

/** As cosign 2 writes it. @param {Registry} registry @param {string} repository @param {string} digest @param {any[]} layers */
async function pushSignatures(registry, repository, digest, layers, ending = "sig") {
  const config = Buffer.from(
    JSON.stringify({
      architecture: "",
      os: "",
      config: {},
      rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.digest) },
    }),
  );
  const { config: _, ...manifest } = JSON.parse(String(manifestOf(...layers)));
  const whole = {
    ...manifest,
    config: {
      mediaType: configType,
      digest: await registry.pushBlob(repository, config),
      size: config.length,
    },
  };
  const tag = `${digest.replace(":", "-")}.${ending}`;
  await registry.pushManifest(repository, tag, Buffer.from(JSON.stringify(whole)), imageType);
}

/** A statement about the image in an envelope. @param {string} digest @param {ReturnType<typeof keyOf>} key */
function envelopeOf(digest, key) {
  const statement = Buffer.from(JSON.stringify(statementFor({ digest, predicateType: slsa })));
  const sig = sign("sha256", dsseMessage(statement), key.privateKey).toString("base64");
  return Buffer.from(
    JSON.stringify({ payloadType: inToto, payload: statement.toString("base64"), signatures: [{ sig }] }),
  );
}

/** As `cosign attest` of cosign 2 does. @param {Registry} registry @param {{ repository: string, digest: string, key: any }} about */
async function attestUnderTag(registry, { repository, digest, key }) {
  const bytes = envelopeOf(digest, key);
  await registry.pushBlob(repository, bytes);
  const annotations = { "dev.cosignproject.cosign/signature": "", predicateType: slsa };
  const layer = { mediaType: envelopeType, digest: digestOf(bytes), size: bytes.length, annotations };
  await pushSignatures(registry, repository, digest, [layer], "att");
}

/** As other tools do. @param {Registry} registry @param {any} access @param {{ repository: string, digest: string, key: any }} about */
async function referToEnvelope(registry, access, { repository, digest, key }) {
  const bytes = envelopeOf(digest, key);
  const layer = {
    ...{ mediaType: inToto, digest: digestOf(bytes), size: bytes.length },
    annotations: { "in-toto.io/predicate-type": slsa },
  };
  await refer(registry, access, { repository, digest, bytes, layer, artifactType: inToto });
}

/**
 * A manifest that refers to the image, as cosign 3 and ocisign write it: listed by the registry, or under the fallback
 * tag.
 *
 * @param {Registry} registry @param {any} access
 * @param {{ repository: string, digest: string, bytes: Buffer, layer: object, artifactType?: string, predicateType?: string }} referrer
 */
async function refer(
  registry,
  access,
  { repository, digest, bytes, layer, artifactType = bundleType, predicateType },
) {
  const config = Buffer.from("{}");
  for (const blob of [bytes, config]) await registry.pushBlob(repository, blob);
  const image = await registry.manifest(repository, digest);
  const annotations = {
    ...(artifactType === bundleType && { "dev.sigstore.bundle.content": "dsse-envelope" }),
    ...(artifactType === bundleType && {
      "dev.sigstore.bundle.predicateType": predicateType ?? "https://sigstore.dev/cosign/sign/v1",
    }),
    "org.opencontainers.image.created": "2026-01-01T00:00:00Z",
  };
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: imageType,
      // cosign and ocisign name the type here, where a registry's list of referrers takes it from, and beside the config.
      artifactType,
      config: {
        ...{ mediaType: emptyType, size: config.length, digest: digestOf(config) },
        ...(artifactType === bundleType && { artifactType }),
      },
      layers: [layer],
      subject: { mediaType: JSON.parse(String(image)).mediaType, size: image.length, digest },
      annotations,
    }),
  );
  await registry.pushManifest(repository, digestOf(manifest), manifest, imageType);
  if (await listsReferrers(access, repository, digest)) return;
  const tag = digest.replace(":", "-");
  const before = await registry.manifest(repository, tag).catch(() => undefined);
  const manifests = before ? JSON.parse(String(before)).manifests : [];
  const entry = {
    mediaType: imageType,
    size: manifest.length,
    digest: digestOf(manifest),
    artifactType,
    annotations,
  };
  const index = { schemaVersion: 2, mediaType: indexType, manifests: [...manifests, entry] };
  await registry.pushManifest(repository, tag, Buffer.from(JSON.stringify(index)), indexType);
}

/** @param {any} access @param {string} repository @param {string} digest */
async function listsReferrers({ url, username, password }, repository, digest) {
  const authorization = username
    ? `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`
    : undefined;
  const reply = await fetch(`${url}/v2/${repository}/referrers/${digest}`, {
    headers: authorization ? { authorization } : {},
  });
  await reply.arrayBuffer();
  return reply.ok;
}
