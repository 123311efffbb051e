// A registry with genuine signatures, in a process of its own, that answers each request after a while. Every image has
// a signature of one P-256 key, as cosign makes them by default: by the tag, or as a bundle among the referrers.
import { fork } from "node:child_process";
import { once } from "node:events";
import { digestOf } from "../../demo/registry.js";
import { bundleLayer, keyPair, manifestOf, payloadFor, simpleLayer } from "../../tests/support/signatures.js";
import { heldRegistry } from "./held-registry.js";

/**
 * @typedef {"tag" | "bundle"} Kind
 *
 * @typedef {object} Wanted
 * @property {number} ms how long each reply waits
 * @property {Kind} kind
 * @property {number} images
 * @property {number} [signatures] on each image
 *
 * @typedef {object} Signed
 * @property {string} pem the key
 * @property {string} url
 * @property {string[]} images references
 */

/** @param {Wanted} wanted @returns {Promise<Signed & { close: () => void }>} */
export async function signedRegistry(wanted) {
  const child = fork(new URL(import.meta.url), [JSON.stringify(wanted)], { stdio: "inherit" });
  const [signed] = await once(child, "message");
  return { ...signed, close: () => child.kill() };
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
const repository = "team/app";

/** @param {Wanted} wanted */
async function serve({ ms, kind, images, signatures = 1 }) {
  const { held, domain } = await heldRegistry({ ms });
  const pair = keyPair("P-256");
  const put = (/** @type {string} */ path, /** @type {Uint8Array} */ bytes, type = manifestType) =>
    held.set(`/v2/${repository}/${path}`, { type, bytes });
  const putManifest = (/** @type {Uint8Array} */ bytes) => {
    put(`manifests/${digestOf(bytes)}`, bytes);
    return digestOf(bytes);
  };

  /** @param {string} digest @param {number} at */
  function signByTag(digest, at) {
    const said = { ...payloadFor({ repository: `${domain}/${repository}`, digest }), optional: { at } };
    const payload = Buffer.from(JSON.stringify(said));
    put(`blobs/${digestOf(payload)}`, payload, "application/octet-stream");
    return simpleLayer(pair.privateKey, payload);
  }

  /** @param {string} digest */
  function signByBundle(digest) {
    const { layer, bytes } = bundleLayer(pair.privateKey, { digest });
    put(`blobs/${layer.digest}`, bytes, "application/octet-stream");
    return layer;
  }

  /** @param {number} at */
  function image(at) {
    const digest = putManifest(manifestOf({ digest: `image ${at}`, size: 1, mediaType: "text/plain" }));
    const all = Array.from({ length: signatures }, (_, which) => which);
    if (kind === "tag") {
      const layers = all.map((which) => signByTag(digest, which));
      put(`manifests/${digest.replace(":", "-")}.sig`, manifestOf(...layers));
    }
    const listed = (kind === "bundle" ? all : []).map(() => {
      const bytes = manifestOf(signByBundle(digest));
      const about = { mediaType: manifestType, digest: putManifest(bytes), size: bytes.length };
      return { ...about, artifactType: bundleType };
    });
    const index = { schemaVersion: 2, mediaType: indexType, manifests: listed };
    put(`referrers/${digest}`, Buffer.from(JSON.stringify(index)), indexType);
    return `${domain}/${repository}@${digest}`;
  }

  const references = Array.from({ length: images }, (_, at) => image(at));
  process.send?.({ pem: pair.pem, url: `http://${domain}`, images: references });
}

if (process.send && process.argv[2]) await serve(JSON.parse(process.argv[2]));
