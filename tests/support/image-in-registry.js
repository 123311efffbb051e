// An image in a registry that can misbehave, new for each test of a file: the names that this exports are those of the
// test that runs.
import { after, beforeEach } from "node:test";
import { verifyImage } from "ocisign";
import { fakeRegistry } from "./fake-registry.js";
import { bundleLayer, keyPair, manifestOf, payloadFor, simpleLayer } from "./signatures.js";

export const rsa = keyPair("rsa");
export const other = keyPair("rsa");
export const repository = "team/app";
export const indexType = "application/vnd.oci.image.index.v1+json";
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** @typedef {Awaited<ReturnType<typeof fakeRegistry>>} FakeRegistry */

/** @type {FakeRegistry} */
export let registry;
/** @type {string} */
export let reference;
/** @type {string} */
export let digest;
/** The tag of the image's signatures. @type {string} */
export let sigTag;

/** @type {FakeRegistry[]} */
const opened = [];

beforeEach(async () => {
  registry = await openRegistry();
  digest = registry.manifest(repository, manifestOf({ digest: "the image itself" }));
  reference = `${registry.domain}/${repository}@${digest}`;
  sigTag = `${digest.replace(":", "-")}.sig`;
});
after(() => {
  for (const it of opened) it.close();
});

/** One more registry, until the file's end. */
export async function openRegistry() {
  const made = await fakeRegistry();
  opened.push(made);
  return made;
}

/** Signs the image and puts the signature under its tag. @param {string} at */
export function signByTag(key = rsa, at = digest) {
  const bytes = Buffer.from(
    JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest: at })),
  );
  registry.blob(repository, bytes);
  const manifest = manifestOf(simpleLayer(key.privateKey, bytes));
  return { manifest, digest: registry.manifest(repository, manifest, `${at.replace(":", "-")}.sig`) };
}

/** A bundle in the registry; its manifest's digest. @param {{ digest?: string }} [options] */
export function bundle(key = rsa, options = {}) {
  const { layer, bytes } = bundleLayer(key.privateKey, { digest, ...options });
  registry.blob(repository, bytes);
  return registry.manifest(repository, manifestOf(layer));
}

/** How an index names a manifest. @param {string} of its digest @param {string} [artifactType] */
export const descriptor = (of, artifactType = bundleType) => ({
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  digest: of,
  size: 1,
  artifactType,
});

/** @param {...unknown} manifests */
export const indexOf = (...manifests) => ({ schemaVersion: 2, mediaType: indexType, manifests });

/** @param {any} [options] right or wrong ones */
export const verify = (options = {}) => verifyImage(reference, { publicKey: rsa.pem, ...options });

/**
 * A reply of a registry.
 *
 * @param {number} code @param {import("node:http").OutgoingHttpHeaders} [headers] @param {string | Uint8Array} [body]
 */
export const status =
  (code, headers = {}, body = "") =>
  (/** @type {unknown} */ _, /** @type {import("node:http").ServerResponse} */ reply) =>
    reply.writeHead(code, headers).end(body);

/** The body of a registry's refusal. @param {string} code */
export const errors = (code) => JSON.stringify({ errors: [{ code }] });
