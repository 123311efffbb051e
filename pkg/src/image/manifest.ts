// What an image's manifest and config say of it (OCI image spec; docker's schema 2 has the same fields). The builder of
// the image wrote all of it: what no reader could take is refused, and what is too long to be read is left out.
import { type Fields, fieldOf, isList, isText } from "../foreign.ts";
import { indexTypes } from "../registry/media-types.ts";
import { type Descriptor, descriptorAt } from "../strict/descriptor.ts";
import { quoted, refuse } from "../strict/fault.ts";
import { listAt, objectAt, optionalTextAt, textAt } from "../strict/fields.ts";
import { parseStrictly } from "../strict/json.ts";
import { manifestAt } from "../strict/manifest.ts";
import { configShape } from "../strict/shapes.ts";
import { isUnknown, type Platform, platformAt } from "./platform.ts";

/** A manifest in an index; without a platform if it names none that is well-formed. */
export interface Entry extends Descriptor {
  readonly platform: Platform | undefined;
  readonly isAttestation: boolean;
  /** Of an attestation: the manifest that it is about, as the index says. */
  readonly attests: string | undefined;
}

/** What every manifest may say. */
interface ManifestFacts {
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

/** A manifest that lists others. */
export interface IndexManifest extends ManifestFacts {
  readonly isIndex: true;
  readonly entries: readonly Entry[];
}

/** A layer of an image. */
export interface LayerDescriptor extends Descriptor {
  /** It lies elsewhere: the registry need not hold it (OCI image spec, "Non-Distributable Layers"). */
  readonly isForeign: boolean;
}

/** A manifest of an image, or of something else in its place. */
export interface ImageManifest extends ManifestFacts {
  readonly isIndex: false;
  /** From bottom to top. */
  readonly layers: readonly LayerDescriptor[];
  /** Of config and layers together, in bytes. */
  readonly size: number;
  /** Only of an image. */
  readonly config: Descriptor | undefined;
}

/** What an image's config says. */
export interface ImageConfig {
  readonly created: string | undefined;
  readonly platform: Platform | undefined;
}

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
 * Reads a manifest as what the registry says it is. The manifest must not say otherwise.
 *
 * @param mediaType in lower case
 */
export function readManifest(bytes: Uint8Array, mediaType: string): IndexManifest | ImageManifest {
  const manifest = manifestAt(bytes, "The manifest", "manifest", mediaType);
  if (manifest.schemaVersion !== 2) refuse("The manifest is not of schema version 2.");
  return indexTypes.includes(mediaType) ? readIndex(manifest) : readImage(manifest);
}

/**
 * The manifests that an index lists; none of what is no index. Less is asked of it than to describe it.
 *
 * @param mediaType in lower case
 */
export function manifestsIn(bytes: Uint8Array, mediaType: string): readonly Descriptor[] {
  const manifest = manifestAt(bytes, "The manifest", "manifest", mediaType);
  if (!indexTypes.includes(mediaType)) return [];
  const list = listAt(manifest.manifests, "manifest.manifests");
  // The same manifest may stand there for several platforms.
  const distinct = new Map<string, Descriptor>();
  for (const [index, entry] of list.entries()) {
    const descriptor = descriptorAt(entry, `manifest.manifests[${index}]`);
    const same = distinct.get(descriptor.digest);
    if (same && same.mediaType !== descriptor.mediaType) {
      refuse(`manifest.manifests[${index}] calls the same digest something else.`);
    }
    distinct.set(descriptor.digest, descriptor);
  }
  return [...distinct.values()];
}

/**
 * The blobs that a manifest names, each once; none of an index. As in {@link manifestsIn}, less is asked of it than to
 * describe it. What lies elsewhere, the registry need not hold.
 *
 * @param mediaType in lower case
 */
export function blobsIn(bytes: Uint8Array, mediaType: string): readonly LayerDescriptor[] {
  const manifest = manifestAt(bytes, "The manifest", "manifest", mediaType);
  if (indexTypes.includes(mediaType)) return [];
  const all = new Map<string, LayerDescriptor>();
  const take = (value: unknown, place: string) => {
    const layer = layerAt(value, place);
    const same = all.get(layer.digest);
    if (same && same.size !== layer.size) refuse(`${place} says another size of the same digest.`);
    all.set(layer.digest, same && !same.isForeign ? same : layer);
  };
  if (manifest.config !== undefined) take(manifest.config, "manifest.config");
  for (const name of ["layers", "blobs"] as const) {
    const list = listAt(manifest[name] ?? [], `manifest.${name}`);
    for (const [index, value] of list.entries()) take(value, `manifest.${name}[${index}]`);
  }
  return [...all.values()];
}

function readIndex(manifest: Fields): IndexManifest {
  const manifests = listAt(manifest.manifests, "manifest.manifests");
  if (manifests.length > most) {
    refuse(`The index names ${manifests.length} manifests; at most ${most} are read.`);
  }
  const artifactType = artifactTypeOf(manifest);
  const entries = manifests.map((entry, index) => entryAt(entry, `manifest.manifests[${index}]`));
  return { isIndex: true, artifactType, annotations: annotationsOf(manifest), entries };
}

function readImage(manifest: Fields): ImageManifest {
  const config = descriptorAt(manifest.config, "manifest.config");
  const layers = listAt(manifest.layers ?? [], "manifest.layers").map((layer, index) =>
    layerAt(layer, `manifest.layers[${index}]`),
  );
  const size = [config, ...layers].reduce((sum, part) => sum + part.size, 0);
  if (!Number.isSafeInteger(size)) refuse("The manifest's sizes add up to more than there can be.");
  const type = checkMediaType(config.mediaType, "manifest.config.mediaType");
  const isImage = configTypes.includes(type);
  return {
    isIndex: false,
    layers,
    // What has no other type is of its config's (OCI image spec, "Guidelines for Artifact Usage").
    artifactType: artifactTypeOf(manifest) ?? (isImage ? undefined : type),
    annotations: annotationsOf(manifest),
    size,
    config: isImage ? config : undefined,
  };
}

function layerAt(value: unknown, place: string): LayerDescriptor {
  const descriptor = descriptorAt(value, place);
  const urls = fieldOf(value, "urls");
  const isElsewhere = isList(urls) && urls.length > 0;
  return { ...descriptor, isForeign: isElsewhere || /foreign|nondistributable/i.test(descriptor.mediaType) };
}

function entryAt(value: unknown, place: string): Entry {
  const descriptor = descriptorAt(value, place);
  checkMediaType(descriptor.mediaType, `${place}.mediaType`);
  const platform = platformAt(fieldOf(value, "platform") ?? {}, `${place}.platform`);
  const isOne = isAttestation(value, platform);
  const about = fieldOf(fieldOf(value, "annotations"), "vnd.docker.reference.digest");
  return {
    ...descriptor,
    platform,
    isAttestation: isOne,
    attests: isOne && isText(about) ? about : undefined,
  };
}

/**
 * As BuildKit stores attestations ("Image attestation storage"). The annotation alone is not enough: a runtime goes by
 * the platform, and would run what is called so.
 */
function isAttestation(entry: unknown, platform: Platform | undefined): boolean {
  const type = fieldOf(fieldOf(entry, "annotations"), "vnd.docker.reference.type");
  const isMarked = type === "attestation-manifest";
  return isMarked && platform !== undefined && isUnknown(platform);
}

function artifactTypeOf(manifest: Fields): string | undefined {
  const artifactType = optionalTextAt(manifest.artifactType, "manifest.artifactType");
  return artifactType ? checkMediaType(artifactType, "manifest.artifactType") : undefined;
}

function checkMediaType(text: string, place: string): string {
  return mediaTypeForm.test(text) ? text : refuse(`${place} is ${quoted(text)}, which is no media type.`);
}

function annotationsOf({ annotations }: Fields): Readonly<Record<string, string>> | undefined {
  if (annotations === undefined || annotations === null) return undefined;
  const place = "manifest.annotations";
  const entries = Object.entries(objectAt(annotations, place));
  if (entries.length > most) {
    refuse(`The manifest has ${entries.length} annotations; at most ${most} are read.`);
  }
  const texts = entries.map(([name, value]) => [name, textAt(value, `${place}[${quoted(name)}]`)] as const);
  return Object.fromEntries(texts.filter((pair) => pair.every(({ length }) => length <= longestAnnotation)));
}

/** All that an image's config says. */
export function configFields(bytes: Uint8Array): Fields {
  return objectAt(parseStrictly(bytes, "The image's config", configShape), "config");
}

/** When an image was made, and for which platform. */
export function readConfig(bytes: Uint8Array): ImageConfig {
  const config = configFields(bytes);
  const created = optionalTextAt(config.created, "config.created");
  const platform = platformAt(config, "config");
  return {
    created: created !== undefined && isTime(created) ? created : undefined,
    platform: platform && !isUnknown(platform) ? platform : undefined,
  };
}

/** RFC 3339. */
export function isTime(text: string): boolean {
  return timeForm.test(text) && !Number.isNaN(Date.parse(text));
}
