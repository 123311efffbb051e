// Signature manifests, and the indexes that list them. Nothing here is signed, so nothing here is believed: a manifest
// only says where signatures may be found.
import { bundleType } from "./bundle.js";
import { Candidate, isSignature, simpleSigningType } from "./candidate.js";
import { descriptorAt } from "./descriptor.js";
import { checkDigest } from "./digest.js";
import { Fault, quoted, refuse } from "./fault.js";
import { listAt, objectAt, optionalTextAt, textAt } from "./fields.js";
import { parseStrictly } from "./strict-json.js";

/** More signatures than this on one manifest are a mistake or an attack. */
const mostLayers = 1000;
/**
 * The largest manifest that is read, in bytes: what registries take at least, and by and large at most (OCI distribution
 * spec, "Pushing Manifests").
 */
export const mostManifestBytes = 4 * 1024 * 1024;
/** The largest payload or bundle, in bytes: a signature is a few kilobytes. */
const mostBytes = 1024 * 1024;

const imageManifests = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const indexType = "application/vnd.oci.image.index.v1+json";
/** Where a layer of simple signing holds its signature. */
export const annotation = "dev.cosignproject.cosign/signature";

/**
 * What an index may call a manifest that holds signatures: cosign's two types, and the one of the empty config, which
 * cosign 2 writes into a fallback index by mistake.
 */
const maySign = [
  bundleType,
  "application/vnd.dev.cosign.artifact.sig.v1+json",
  "application/vnd.oci.empty.v1+json",
];

/**
 * The signatures that a manifest names, whatever is wrong with some of them. A manifest that only refers to the image
 * may be something else altogether, such as a bill of materials: it names none.
 *
 * @param {Uint8Array} bytes @param {boolean} isReferrer @returns {(Candidate | Fault)[]}
 */
export function candidatesIn(bytes, isReferrer) {
  try {
    const found = layersOf(bytes)
      .filter(({ layer }) => !isReferrer || !isOther(layer?.mediaType))
      .map(({ layer, place }) => attempt(() => readLayer(layer, place)));
    return found.length || isReferrer ? found : refuse("The signature manifest names no signature.");
  } catch (error) {
    if (error instanceof Fault) return [error];
    throw error;
  }
}

/** Does a layer say that it is something else? One that says nonsense is damaged, not absent. @param {unknown} mediaType */
function isOther(mediaType = "") {
  return mediaType === null || (typeof mediaType === "string" && !isSignature(mediaType));
}

/** @param {Uint8Array} bytes */
function layersOf(bytes) {
  const what = "the signature manifest";
  const { mediaType, layers } = objectAt(parseStrictly(bytes, "The signature manifest"), what);
  const type = optionalTextAt(mediaType, `${what}.mediaType`);
  if (type !== undefined && !imageManifests.includes(type)) {
    refuse(`The signature manifest is of type ${quoted(type)}.`);
  }
  const list = listAt(layers ?? [], `${what}.layers`);
  if (list.length > mostLayers) {
    refuse(`The signature manifest names ${list.length} signatures; at most ${mostLayers} are read.`);
  }
  return list.map((layer, index) => ({ layer, place: `${what}.layers[${index}]` }));
}

/** @param {any} layer @param {string} place */
function readLayer(layer, place) {
  const { mediaType, digest, size } = descriptorAt(layer, place);
  if (size > mostBytes) refuse(`${place} has ${size} bytes; a signature has at most ${mostBytes}.`);
  if (!isSignature(mediaType)) refuse(`${place} is of type ${quoted(mediaType)}, which is no signature.`);
  if (mediaType === bundleType) return new Candidate({ mediaType, digest, size });
  const signature = optionalTextAt(layer.annotations?.[annotation], `${place}.annotations`);
  if (signature === undefined) refuse(`${place} has no signature annotation.`);
  return new Candidate({ mediaType: simpleSigningType, digest, size, signature });
}

/** @template T @param {() => T} read @returns {T | Fault} */
function attempt(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** The digests of the manifests in an index of referrers that may hold signatures. @param {Uint8Array} bytes @returns {string[]} */
export function referrerDigests(bytes) {
  const what = "the index of referrers";
  const { mediaType, manifests } = objectAt(parseStrictly(bytes, "The index of referrers"), what);
  if ((optionalTextAt(mediaType, `${what}.mediaType`) ?? indexType) !== indexType) {
    refuse("The index of referrers is of another type.");
  }
  const list = listAt(manifests ?? [], `${what}.manifests`);
  if (list.length > mostLayers) {
    refuse(`The index names ${list.length} referrers; at most ${mostLayers} are read.`);
  }
  const digests = list.flatMap((descriptor, index) => {
    const place = `${what}.manifests[${index}]`;
    const digest = checkDigest(textAt(objectAt(descriptor, place).digest, `${place}.digest`));
    const type = optionalTextAt(descriptor.artifactType, `${place}.artifactType`);
    return type === undefined || maySign.includes(type) ? [digest] : [];
  });
  return [...new Set(digests)];
}
