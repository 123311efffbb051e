// What an image is, as it is told.
import type { LayoutFiles } from "../layout/files.ts";
import type { RegistryLimits } from "../registry/budget.ts";
import type { RegistryOptions } from "../registry/open.ts";
import type { CanonicalReference, Digest } from "./reference.ts";

/** Options of {@link describeImage}. */
export interface DescribeOptions extends RegistryLimits {
  /** Where and how the registry is reached; anonymously at `https://` if left out. `repository` has no effect here. */
  registry?: RegistryOptions | undefined;
  /** An OCI layout in place of the registry. */
  layout?: LayoutFiles | undefined;
  /** `registry/repository:tag` names what the registry holds under that tag now. Default `false`: a digest is needed. */
  resolveTag?: boolean | undefined;
  /** Read every manifest of an index, too, and name it in `manifests`. At most 200 of them are walked. */
  recursive?: boolean | undefined;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/** A manifest that an index lists. */
export interface ListedManifest {
  /** By its digest, in the index's repository. */
  readonly reference: CanonicalReference;
  /** Its digest. */
  readonly digest: Digest;
  /** Its media type, in lower case, as index and registry say it. */
  readonly mediaType: string;
}

/**
 * A platform that an image runs on (OCI image spec, "Image Index"). Each part has 1 to 64 letters, digits, `_`, `.`
 * and `-`.
 */
export interface ImagePlatform {
  /** The operating system, as Go names it: `linux`, `windows`. */
  readonly os: string;
  /** The processor, as Go names it: `amd64`, `arm64`. */
  readonly architecture: string;
  /** The processor's variant, such as `v8`. */
  readonly variant?: string;
  /** The operating system's version, which Windows needs. */
  readonly osVersion?: string;
  /** The digest of the manifest for this platform. */
  readonly digest: Digest;
  /** That manifest's media type. */
  readonly mediaType: string;
}

/** What every {@link ImageDescription} tells. */
export interface DescriptionFacts {
  /** The image that is described. */
  readonly reference: CanonicalReference;
  /** The image's digest; the manifest has it. */
  readonly digest: Digest;
  /** The manifest's media type, in lower case: of OCI or of docker, an image's or an index's. */
  readonly mediaType: string;
  /** What it is if it is no image, such as a Helm chart: the manifest's `artifactType`, or its config's media type. */
  readonly artifactType?: string;
  /** The platforms that it is for; of something that is no image, none. */
  readonly platforms: readonly ImagePlatform[];
  /** How many attestations BuildKit put into the index. */
  readonly attestations: number;
  /** How many manifests the index has beside those: they name no platform, or none that is well-formed. */
  readonly others: number;
  /**
   * With `recursive`, all that the index lists, and the indexes within it, each once: what `verifyImage` verifies with
   * `recursive`, and cosign with `--recursive` signs. Of one image, none.
   */
  readonly manifests?: readonly ListedManifest[];
  /**
   * The manifest's annotations, without those whose name or text is longer than 4,096 UTF-16 units. Anything may stand
   * there.
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One image, or something else in its place. */
export interface SingleDescription extends DescriptionFacts {
  /** It lists no other manifests. */
  readonly isIndex: false;
  /** Of config and layers together, in bytes, packed as they are: by the manifest's own word. */
  readonly sizeBytes: number;
  /** When it was made, as its config says it: RFC 3339. */
  readonly created?: string;
}

/** Several images under one digest, such as one for each platform. */
export interface IndexDescription extends DescriptionFacts {
  /** It lists other manifests. */
  readonly isIndex: true;
  /** Only of one image. */
  readonly sizeBytes?: undefined;
  /** Only of one image. */
  readonly created?: undefined;
}

/** What an image is; `isIndex` tells the two kinds apart. */
export type ImageDescription = SingleDescription | IndexDescription;
