// A manifest that refers to the image (OCI distribution specification, § Pushing Manifests with Subject). A registry that
// does not list it by itself has it listed in an index under the fallback tag.
import { toUtf8 } from "../../bytes.ts";
import type { Fields } from "../../foreign.ts";
import type { Digest, ImageReference } from "../../image/reference.ts";
import { imageManifest } from "../../registry/content.ts";
import { ociImage } from "../../registry/media-types.ts";
import type { OpenRegistry } from "../../registry/open.ts";
import type { ListedDescriptor } from "../../registry/referrers-index.ts";
import { digestOf } from "../../strict/digest.ts";
import { keepBlobs } from "./kept-blobs.ts";
import { type Layer, type OnShelf, Shelf } from "./shelf.ts";
import { until } from "./until.ts";

/** What is to refer to the image. */
export interface NewReferrer {
  /** The manifest, without its subject. */
  readonly manifest: Fields;
  readonly artifactType: string;
  /** What it names. */
  readonly blobs: readonly Uint8Array<ArrayBuffer>[];
  /** The layer by which one like it is known: whoever pushed it, and whenever. */
  readonly layer: Layer;
}

/** Pushes it, unless one with the same layer is there. */
export async function keepReferrer(
  place: OpenRegistry,
  image: ImageReference,
  referrer: NewReferrer,
): Promise<OnShelf & { readonly wasThere: boolean }> {
  const { bytes: subject, mediaType } = await imageManifest(place.image, image);
  const { manifest, artifactType, blobs, layer } = referrer;
  const about = { mediaType, size: subject.length, digest: image.digest };
  const bytes = toUtf8(JSON.stringify({ ...manifest, subject: about, artifactType }));
  const shelf = new Shelf(place, image.digest, layer);
  const { found, wasThere } = await until(
    () => shelf.look(),
    async () => {
      const { client, repository } = place;
      for (const blob of blobs) await client.pushBlob(repository, blob);
      const isListed = await client.pushReferrer(repository, bytes, ociImage, image.digest);
      const digest = await digestOf(bytes);
      // A browser may not be shown the header by which a registry says so.
      if (isListed || (await shelf.isListed(digest))) return;
      const { annotations } = manifest;
      await shelf.list({ mediaType: ociImage, size: bytes.length, digest, artifactType, annotations });
    },
  );
  return { ...found, wasThere: wasThere && (await keepBlobs(place, blobs)) };
}

/** Has a manifest listed that is there, unless the registry lists it by itself. Others that are listed stay. */
export async function keepListed(
  place: OpenRegistry,
  subject: Digest,
  descriptor: ListedDescriptor,
): Promise<void> {
  const shelf = new Shelf(place, subject);
  if (await shelf.isListed(descriptor.digest)) return;
  await until(
    async () => ({ found: (await shelf.isTagged(descriptor.digest)) || undefined, others: 1 }),
    () => shelf.list(descriptor),
  );
}
