// Reads the manifests and the configs of the images that are compared. All of it has the digest by which it was asked
// for before anything is read in it. What was read once in a session is not fetched again.
import { isRecord } from "../foreign.ts";
import { configBytes } from "../image/config-bytes.ts";
import {
  configFields,
  type Entry,
  type ImageManifest,
  type IndexManifest,
  readManifest,
} from "../image/manifest.ts";
import { isUnknown, type Platform, platformAt } from "../image/platform.ts";
import type { ImageReference } from "../image/reference.ts";
import type { RegistryClient } from "../registry/client.ts";
import { imageManifest } from "../registry/content.ts";
import { quoted, refuse } from "../strict/fault.ts";
import type { BlobStore } from "./blob-store.ts";
import { type ConfigParts, partsOf } from "./config.ts";

/** No runtime runs an image of more layers. */
const mostLayers = 1000;

/** Where an image is read. */
export interface Place {
  readonly client: RegistryClient;
  readonly blobs: BlobStore;
}

/** An image or an index, and its manifest. */
export interface ReadManifest<M = ImageManifest | IndexManifest> {
  readonly image: ImageReference;
  /** In lower case. */
  readonly mediaType: string;
  readonly manifest: M;
}

/** The manifest of what was asked for. */
export async function readTop({ client, blobs }: Place, image: ImageReference): Promise<ReadManifest> {
  const name = `manifest ${image.digest}`;
  const kept = blobs.get(name);
  if (isManifest(kept)) return { ...kept, image };
  const { bytes, mediaType } = await imageManifest(client, image);
  const read = { image, mediaType, manifest: readManifest(bytes, mediaType) };
  if (!read.manifest.isIndex && read.manifest.layers.length > mostLayers) {
    refuse(`The manifest names ${read.manifest.layers.length} layers; at most ${mostLayers} are read.`);
  }
  blobs.put(name, read, bytes.length);
  return read;
}

/** The manifest of one platform, which has to be what its index says. @param entry of the index */
export async function readEntry(
  place: Place,
  image: ImageReference,
  entry: Entry | undefined,
): Promise<ReadManifest<ImageManifest>> {
  const read = await readTop(place, image);
  const { manifest } = read;
  if (entry && entry.mediaType.toLowerCase() !== read.mediaType) {
    refuse(
      `The index calls a manifest ${quoted(entry.mediaType)}, and the registry ${quoted(read.mediaType)}.`,
    );
  }
  return manifest.isIndex
    ? refuse("The index names another index, which is not read.")
    : { ...read, manifest };
}

/** What a config says. */
export interface ReadConfig {
  readonly platform: Platform | undefined;
  readonly parts: ConfigParts;
}

/** Nothing of the config itself is kept but its parts, in which what looks like a secret is masked. */
export async function readConfig(
  { client, blobs }: Place,
  { repository }: ImageReference,
  { config, artifactType, layers }: ImageManifest,
): Promise<ReadConfig> {
  if (!config)
    return refuse(`This is no image but ${quoted(artifactType)}, which has no config of an image.`);
  const name = `config ${config.digest} ${config.size} ${layers.length}`;
  const kept = blobs.get(name);
  if (isConfig(kept)) return kept;
  const bytes = await configBytes(client, repository, config);
  const fields = configFields(bytes);
  const platform = platformAt(fields, "config");
  const read = {
    platform: platform && !isUnknown(platform) ? platform : undefined,
    parts: partsOf(fields, `The config ${config.digest}`, layers.length),
  };
  blobs.put(name, read, bytes.length);
  return read;
}

// Only this file puts something under these names.
function isConfig(kept: unknown): kept is ReadConfig {
  return isRecord(kept) && "parts" in kept;
}

function isManifest(kept: unknown): kept is ReadManifest {
  return isRecord(kept) && "manifest" in kept;
}
