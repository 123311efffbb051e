// What verifying and copying read from. A registry is one; an OCI layout and a proof file are others. What comes from
// one is never believed: the caller checks each digest.
import type { ListedDescriptor } from "./referrers-index.ts";
import type { After, Witness } from "./witness.ts";

/** A manifest as it came; the caller checks it by its digest. */
export interface FoundManifest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In lower case, without parameters. */
  readonly mediaType: string;
}

/** How a manifest is read. */
export interface ManifestOptions {
  readonly maxBytes?: number;
  /** The media types that are taken; another is an error. */
  readonly accept?: readonly string[];
  /** Take any. */
  readonly anyType?: boolean;
  /** What it is judged after. */
  readonly after?: After;
  /** Who notes that it showed the repository. */
  readonly witness?: Witness;
}

/** How a list of referrers is read. */
export interface ReferrersOptions {
  readonly artifactType?: string;
  /** As of a manifest. */
  readonly after?: After;
}

/** What refers to a manifest. */
export interface Referrers {
  readonly manifests: readonly ListedDescriptor[];
  readonly from: "referrers";
}

/** How a blob is read. */
export interface BlobOptions {
  readonly maxBytes: number;
  /** A verdict depends on it: what may be a part of it only is refused, and only a word on this blob is `not-found`. */
  readonly forVerdict?: boolean;
}

/** Where manifests and blobs are read. An absence is the source's own word; whatever else is wrong is an error. */
export interface ContentSource {
  /** What people call it, in messages: `registry`. */
  readonly called: string;
  /** What to do when it lacks an image. */
  readonly adviceWhenMissing?: string;
  /** By tag or digest. Undefined only when the source itself says that it has no such manifest. */
  manifest(
    repository: string,
    reference: string,
    options?: ManifestOptions,
  ): Promise<FoundManifest | undefined>;
  /** What refers to a manifest; undefined when the source keeps no such list. */
  referrers(repository: string, digest: string, options?: ReferrersOptions): Promise<Referrers | undefined>;
  blob(repository: string, digest: string, options: BlobOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** A blob that is too large to be kept. Nothing of it may be believed before the caller has seen all of it. */
  blobPieces(
    repository: string,
    digest: string,
    options: BlobOptions,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>;
  /** Throws unless the repository has shown itself. */
  checkRepository(repository: string): Promise<void>;
  /**
   * Throws where it may lack signatures of an image, so that it says nothing that none counts. A registry has all that it
   * will ever show.
   *
   * @param isUnsigned none was found in it
   */
  checkWhole?(digest: string, isUnsigned: boolean): Promise<void>;
  /** Throws when all that was read has cost what it may. */
  checkBudget(): void;
}

/** The sources that an answer is read from: the image's, and the one that holds its signatures, mostly the same. */
export interface OpenSource {
  readonly image: ContentSource;
  /** Of the signatures. */
  readonly client: ContentSource;
  /** That holds the signatures. */
  readonly repository: string;
}
