// What the package says of a case.
import { referrersTag, signatureTag } from "./tags.js";

/**
 * @typedef {import("./cases.js").Case} Case
 * @typedef {{ state: string, keys: readonly string[], reasons: readonly string[] }} Verdict
 *
 * @typedef {Pick<typeof import("ocisign"), "verifyImage" | "verifySignatures" | "OcisignError">} Library
 */

/** What is wrong with the keys, or with the number of those that have to agree. */
const refusals = ["bad-public-key", "bad-input"];

/** @param {Library} library @param {Case} one @returns {Promise<Verdict>} */
export async function askOurs(library, one) {
  const { reference, keys, threshold, requireRepository, given } = one;
  const demand = { keys: keys.map(asGiven), threshold, requireRepository };
  try {
    const { state, keys, reason, signatures, problems } = given
      ? await library.verifySignatures({ reference, ...demand, manifest: given, blob: blobsOf(one) })
      : await library.verifyImage(reference, { ...demand, registry: registryOf(one) });
    const why = [...problems.map(({ message }) => message), ...signatures.map((it) => it.reason ?? "counts")];
    return { state, keys: [...keys].sort(), reasons: [reason, ...why] };
  } catch (error) {
    if (!(error instanceof library.OcisignError) || !refusals.includes(error.code)) throw error;
    return { state: "refused", keys: [], reasons: [error.message] };
  }
}

/** PEM as text, DER as bytes. @param {Buffer} key */
function asGiven(key) {
  return key.subarray(0, 5).toString() === "-----" ? key.toString() : key;
}

/** A blob that is not there is an empty one, which fits nothing. @param {Case} one */
function blobsOf({ blobs }) {
  return (/** @type {string} */ digest) =>
    blobs.find((blob) => blob.digest === digest)?.bytes ?? new Uint8Array();
}

/** A registry without a network. @param {Case} one */
function registryOf({ image, registry, blobs }) {
  if (!registry) throw new Error("a case has what is given, or a registry");
  const { digest, repository } = image;
  /** @type {Map<string, { type: string, bytes: Buffer } | undefined>} */
  const held = new Map();
  const hold = (
    /** @type {string} */ path,
    /** @type {{ type: string, bytes: Buffer } | undefined} */ what,
  ) => {
    if (!held.has(path)) held.set(path, what);
  };
  hold(`manifests/${digest}`, registry.image);
  if (signatureTag(digest)) hold(`manifests/${signatureTag(digest)}`, registry.tag);
  hold(`manifests/${referrersTag(digest)}`, registry.fallback);
  hold(`referrers/${digest}`, registry.referrers);
  for (const manifest of registry.manifests) hold(`manifests/${manifest.digest}`, manifest);
  for (const blob of blobs)
    hold(`blobs/${blob.digest}`, { type: "application/octet-stream", bytes: blob.bytes });
  const root = `http://127.0.0.1:5000/v2/${repository}/`;
  const fetch = async (/** @type {string} */ url) => {
    const found = url.startsWith(root) ? held.get(url.slice(root.length)) : undefined;
    return found ? reply(200, found.type, found.bytes) : notThere(url);
  };
  return { url: "http://127.0.0.1:5000", fetch: /** @type {any} */ (fetch) };
}

/** @param {string} url */
function notThere(url) {
  // As registries without a list of referrers say it.
  if (url.includes("/referrers/")) return reply(404, "text/plain", Buffer.from("404 page not found"));
  const code = url.includes("/blobs/") ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN";
  return reply(404, "application/json", Buffer.from(JSON.stringify({ errors: [{ code }] })));
}

/** @param {number} status @param {string} type @param {Buffer} bytes */
function reply(status, type, bytes) {
  /** @type {Record<string, string>} */
  const headers = {
    "content-type": type,
    "content-length": String(bytes.length),
    "docker-distribution-api-version": "registry/2.0",
  };
  return {
    status,
    headers: { get: (/** @type {string} */ name) => headers[name.toLowerCase()] ?? null },
    arrayBuffer: async () => Uint8Array.from(bytes).buffer,
  };
}
