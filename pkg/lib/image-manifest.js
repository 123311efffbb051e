// What an image's manifest and config say of it (OCI image spec; docker's schema 2 has the same fields). All of it was
// written by whoever built the image: what no reader could take is refused, and what is too long to be read is left out.
import { isUnknown, platformAt } from "./platform.js";
import { descriptorAt } from "./proof/descriptor.js";
import { quoted, refuse } from "./proof/fault.js";
import { listAt, objectAt, optionalTextAt, textAt } from "./proof/fields.js";
import { parseStrictly } from "./proof/strict-json.js";
import { indexTypes } from "./registry.js";

/**
 * @typedef {import("./platform.js").Platform} Platform
 * @typedef {ReturnType<typeof descriptorAt>} Descriptor
 *
 * A manifest in an index; without a platform if it names none that is well-formed.
 *
 * @typedef {Descriptor & { platform?: Platform, isAttestation: boolean }} Entry
 */

/** More manifests, or annotations, than this are a mistake or an attack. */
const most = 1000;
/** The longest annotation, in UTF-16 units: nobody reads more before deciding. */
const longestAnnotation = 4096;

const configTypes = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];
/** A type's name, and its subtype's (RFC 6838 §4.2). */
const mediaTypeForm = /^[A-Za-z0-9][\w!#$&^.+-]{0,126}\/[A-Za-z0-9][\w!#$&^.+-]{0,126}$/;
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads a manifest as what the registry says it is. The manifest must not say otherwise, nor be such that another
 * reader could take it for something else (GHSA-mc8v-mgrf-8f4m).
 *
 * @param {Uint8Array} bytes @param {string} mediaType in lower case
 */
export function readManifest(bytes, mediaType) {
  const manifest = objectAt(parseStrictly(bytes, "The manifest"), "manifest");
  if (manifest.schemaVersion !== 2) refuse("The manifest is not of schema version 2.");
  const own = optionalTextAt(manifest.mediaType, "manifest.mediaType") ?? mediaType;
  if (own.toLowerCase() !== mediaType) {
    refuse(`The manifest says that it is ${quoted(own)}, and the registry that it is ${quoted(mediaType)}.`);
  }
  return indexTypes.includes(mediaType) ? readIndex(manifest) : readImage(manifest);
}

/** @param {any} manifest */
function readIndex(manifest) {
  checkLacks(manifest, ["config", "layers"]);
  const manifests = listAt(manifest.manifests, "manifest.manifests");
  if (manifests.length > most) {
    refuse(`The index names ${manifests.length} manifests; at most ${most} are read.`);
  }
  const artifactType = artifactTypeOf(manifest);
  const entries = manifests.map((entry, index) => entryAt(entry, `manifest.manifests[${index}]`));
  return {
    isIndex: /** @type {const} */ (true),
    artifactType,
    annotations: annotationsOf(manifest),
    entries,
  };
}

/** @param {any} manifest */
function readImage(manifest) {
  checkLacks(manifest, ["manifests"]);
  const config = descriptorAt(manifest.config, "manifest.config");
  const layers = listAt(manifest.layers ?? [], "manifest.layers").map((layer, index) =>
    descriptorAt(layer, `manifest.layers[${index}]`),
  );
  const size = [config, ...layers].reduce((sum, part) => sum + part.size, 0);
  if (!Number.isSafeInteger(size)) refuse("The manifest's sizes add up to more than there can be.");
  const type = checkMediaType(config.mediaType, "manifest.config.mediaType");
  const isImage = configTypes.includes(type);
  return {
    isIndex: /** @type {const} */ (false),
    // What has no other type is of its config's (OCI image spec, "Guidelines for Artifact Usage").
    artifactType: artifactTypeOf(manifest) ?? (isImage ? undefined : type),
    annotations: annotationsOf(manifest),
    size,
    config: isImage ? config : undefined,
  };
}

/** @param {any} manifest @param {string[]} names */
function checkLacks(manifest, names) {
  const name = names.find((it) => manifest[it] !== undefined);
  if (name === undefined) return;
  refuse(`The manifest has the field \`${name}\`, so that it could be both an image and an index.`);
}

/** @param {any} value @param {string} place @returns {Entry} */
function entryAt(value, place) {
  const descriptor = descriptorAt(value, place);
  checkMediaType(descriptor.mediaType, `${place}.mediaType`);
  const platform = platformAt(value.platform ?? {}, `${place}.platform`);
  return { ...descriptor, platform, isAttestation: isAttestation(value, platform) };
}

/**
 * As BuildKit stores attestations ("Image attestation storage"). The annotation alone is not enough: a runtime goes by
 * the platform, and would run what is called so.
 *
 * @param {any} entry @param {Platform | undefined} platform
 */
function isAttestation({ annotations }, platform) {
  const isMarked = annotations?.["vnd.docker.reference.type"] === "attestation-manifest";
  return isMarked && platform !== undefined && isUnknown(platform);
}

/** @param {any} manifest */
function artifactTypeOf(manifest) {
  const artifactType = optionalTextAt(manifest.artifactType, "manifest.artifactType");
  return artifactType ? checkMediaType(artifactType, "manifest.artifactType") : undefined;
}

/** @param {string} text @param {string} place */
function checkMediaType(text, place) {
  return mediaTypeForm.test(text) ? text : refuse(`${place} is ${quoted(text)}, which is no media type.`);
}

/** @param {any} manifest @returns {Record<string, string> | undefined} */
function annotationsOf({ annotations }) {
  if (annotations === undefined || annotations === null) return undefined;
  const place = "manifest.annotations";
  const entries = Object.entries(objectAt(annotations, place));
  if (entries.length > most) {
    refuse(`The manifest has ${entries.length} annotations; at most ${most} are read.`);
  }
  const texts = entries.map(([name, value]) => [name, textAt(value, `${place}[${quoted(name)}]`)]);
  return Object.fromEntries(texts.filter((pair) => pair.every(({ length }) => length <= longestAnnotation)));
}

/** When an image was made, and for which platform. @param {Uint8Array} bytes */
export function readConfig(bytes) {
  const config = objectAt(parseStrictly(bytes, "The image's config"), "config");
  const created = optionalTextAt(config.created, "config.created");
  const platform = platformAt(config, "config");
  return {
    created: created !== undefined && isTime(created) ? created : undefined,
    platform: platform && !isUnknown(platform) ? platform : undefined,
  };
}

/** RFC 3339. @param {string} text */
function isTime(text) {
  return timeForm.test(text) && !Number.isNaN(Date.parse(text));
}
