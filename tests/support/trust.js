// Trust files, and images that their keys signed, in a registry.
import { digestOf } from "../../demo/registry.js";
import { fakeRegistry } from "./fake-registry.js";
import { bundleLayer, keyPair, manifestOf, payloadFor, simpleLayer } from "./signatures.js";

export const indexType = "application/vnd.oci.image.index.v1+json";
export const imageType = "application/vnd.oci.image.manifest.v1+json";

/** @typedef {ReturnType<typeof keyPair>} Pair */

/** Keys as they come with the years. */
export const keys = {
  old: keyPair("P-256"),
  current: keyPair("P-256"),
  second: keyPair("P-384"),
  lost: keyPair("rsa"),
  stranger: keyPair("P-256"),
};

/**
 * A trust file with one rule, and changes by its fields.
 *
 * @param {{ keys?: object, rule?: object, rules?: object[], revokedDigests?: object[] }} changes
 */
export function trustFile({ keys: own, rule, rules, ...more }) {
  return {
    version: 1,
    keys: own ?? { current: { publicKey: keys.current.pem } },
    rules: rules ?? [{ name: "team apps", images: ["registry.example/team/**"], keys: ["current"], ...rule }],
    ...more,
  };
}

/** A registry with one repository, in which images are made and signed. */
export async function signingRegistry(repository = "team/app") {
  const registry = await fakeRegistry();
  const name = `${registry.domain}/${repository}`;
  /** @param {string} digest @param {Pair[]} by */
  const sign = (digest, ...by) => {
    const payload = Buffer.from(JSON.stringify(payloadFor({ repository: name, digest })));
    registry.blob(repository, payload);
    const layers = by.map(({ privateKey }) => simpleLayer(privateKey, payload));
    registry.manifest(repository, manifestOf(...layers), `${digest.replace(":", "-")}.sig`);
    return digest;
  };
  /** @param {string} digest @param {Pair} by under the same tag: a bundle, which names no repository */
  const signBundle = (digest, { privateKey }) => {
    const { layer, bytes } = bundleLayer(privateKey, { digest });
    registry.blob(repository, bytes);
    const manifest = registry.manifest(repository, manifestOf(layer));
    const entry = { mediaType: imageType, digest: manifest, size: 1, artifactType: layer.mediaType };
    const list = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [entry] });
    registry.manifest(repository, Buffer.from(list), digest.replace(":", "-"), indexType);
  };
  /** @param {string} text @param {Pair[]} by */
  const image = (text, ...by) => {
    const bytes = Buffer.from(text);
    for (const blob of [bytes, Buffer.of()]) registry.blob(repository, blob);
    const layer = { digest: digestOf(bytes), size: bytes.length, mediaType: "text/plain" };
    const digest = registry.manifest(repository, manifestOf(layer));
    return by.length > 0 ? sign(digest, ...by) : digest;
  };
  /** @param {(string | { digest: string, mediaType: string })[]} members digests of images @param {Pair[]} by */
  const index = (members, ...by) => {
    const manifests = members.map((member) => ({
      ...{ mediaType: imageType, size: 1 },
      ...(typeof member === "string" ? { digest: member } : member),
    }));
    const text = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
    const digest = registry.manifest(repository, Buffer.from(text), undefined, indexType);
    return by.length > 0 ? sign(digest, ...by) : digest;
  };
  return {
    registry,
    name,
    at: (/** @type {string} */ digest) => `${name}@${digest}`,
    image,
    index,
    sign,
    signBundle,
  };
}
