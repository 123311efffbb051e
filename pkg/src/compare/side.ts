// One of the two images, as far as it was read before anything inside its layers is: what packages and files are found by.
import type { IndexManifest } from "../image/manifest.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import type { RegistryClient } from "../registry/client.ts";
import type { BlobStore } from "./blob-store.ts";
import type { Layer } from "./changes.ts";

/** An image of one platform, and where it was found. */
export interface Side {
  /** Its budget counts what is read of layers, too: `totalBytes` must leave room for them. */
  readonly client: RegistryClient;
  readonly repository: string;
  /** What was compared: the index, or the image itself. */
  readonly image: ImageReference;
  /** Of the manifest for this platform. */
  readonly manifestDigest: Digest;
  /** What `image` is, if it is an index. */
  readonly index?: IndexManifest | undefined;
  /** From bottom to top. */
  readonly layers: readonly Layer[];
}

/** How the inside is read. */
export interface How {
  readonly signal?: AbortSignal | undefined;
  /** May layers be read where a list of packages is missing? */
  readonly packages: "sbom" | "layers";
  readonly blobs: BlobStore;
}
