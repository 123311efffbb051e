// Signature manifests, and the indexes that list them. Nothing here is signed, so nothing here is believed: a manifest
// only says where signatures may be found.
import { fieldOf } from "../../foreign.ts";
import type { Digest } from "../../image/reference.ts";
import { imageTypes } from "../../registry/media-types.ts";
import { checkCount, type ListedDescriptor, referrersIn } from "../../registry/referrers-index.ts";
import { descriptorAt } from "../../strict/descriptor.ts";
import { checkDigest } from "../../strict/digest.ts";
import { Fault, quoted, refuse } from "../../strict/fault.ts";
import { listAt, optionalTextAt } from "../../strict/fields.ts";
import { manifestAt } from "../../strict/manifest.ts";
import { bundleType } from "./bundle.ts";
import { Candidate, formatOf } from "./candidate.ts";

/** More signatures than this on one manifest are a mistake or an attack. */
const mostLayers = 1000;
/** The largest payload or bundle, in bytes: a signature is a few kilobytes. */
const mostBytes = 1024 * 1024;
/** The longest signature in base64, wrapped: one of an RSA key with 8192 bits has 1,368 characters. */
const longestSignature = 4096;

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
 * @param served the media type that the registry gives it; undefined for one in hand
 */
export function candidatesIn(bytes: Uint8Array, isReferrer: boolean, served?: string): (Candidate | Fault)[] {
  try {
    const found = layersOf(bytes, served)
      .filter(({ layer }) => !isReferrer || !isOther(fieldOf(layer, "mediaType")))
      .map(({ layer, place }) => attempt(() => readLayer(layer, place)));
    return found.length || isReferrer ? found : refuse("The signature manifest names no signature.");
  } catch (error) {
    if (error instanceof Fault) return [error];
    throw error;
  }
}

/** Does a layer say that it is something else? One that says nonsense is damaged, not absent. */
function isOther(mediaType: unknown = ""): boolean {
  return mediaType === null || (typeof mediaType === "string" && !formatOf(mediaType));
}

function layersOf(bytes: Uint8Array, served: string | undefined): { layer: unknown; place: string }[] {
  const what = "the signature manifest";
  const { mediaType, layers } = manifestAt(bytes, "The signature manifest", what, served);
  const type = optionalTextAt(mediaType, `${what}.mediaType`) ?? served;
  if (type !== undefined && !imageTypes.includes(type)) {
    refuse(`The signature manifest is of type ${quoted(type)}.`);
  }
  const list = listAt(layers ?? [], `${what}.layers`);
  if (list.length > mostLayers) {
    refuse(`The signature manifest names ${list.length} signatures; at most ${mostLayers} are read.`);
  }
  return list.map((layer, index) => ({ layer, place: `${what}.layers[${index}]` }));
}

function readLayer(layer: unknown, place: string): Candidate {
  const { mediaType, digest, size } = descriptorAt(layer, place);
  if (size > mostBytes) refuse(`${place} has ${size} bytes; a signature has at most ${mostBytes}.`);
  const format =
    formatOf(mediaType) ?? refuse(`${place} is of type ${quoted(mediaType)}, which is no signature.`);
  if (format === "bundle") return new Candidate({ format, digest, size });
  const signature = optionalTextAt(
    fieldOf(fieldOf(layer, "annotations"), annotation),
    `${place}.annotations`,
  );
  if (signature === undefined) return refuse(`${place} has no signature annotation.`);
  if (signature.length > longestSignature) {
    refuse(
      `${place} has a signature of ${signature.length} characters; at most ${longestSignature} are read.`,
    );
  }
  return new Candidate({ format, digest, size, signature });
}

function attempt<T>(read: () => T): T | Fault {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** The digests in an index of referrers, as a registry without an API for them keeps one under the fallback tag. */
export function digestsInIndex(bytes: Uint8Array): Digest[] {
  return referrerDigests(referrersIn(bytes));
}

/** The digests of those referrers that may hold signatures. */
export function referrerDigests(descriptors: readonly ListedDescriptor[]): Digest[] {
  checkCount(descriptors.length);
  const digests = descriptors.flatMap(({ digest, artifactType }) => {
    const checked = checkDigest(digest);
    return typeof artifactType !== "string" || maySign.includes(artifactType) ? [checked] : [];
  });
  return [...new Set(digests)];
}
