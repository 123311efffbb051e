// What copying takes and tells.
import type { CanonicalReference, Digest } from "../image/reference.ts";
import type { LayoutFiles } from "../layout/files.ts";
import type { RegistryLimits } from "../registry/budget.ts";
import type { RegistryOptions } from "../registry/open.ts";
import type { VerificationKeys } from "../signature/keys.ts";
import type { Verification } from "../signature/verification.ts";
import type { SignatureDemands } from "../signature/verify-options.ts";

/** What is left, and what is known of it so far. */
export interface CopyProgress {
  /** Manifests and blobs that are there now. */
  readonly done: number;
  /** Manifests and blobs that will be there. */
  readonly total: number;
  /** Bytes of blobs that are there now. */
  readonly doneBytes: number;
  /** Bytes of all blobs. */
  readonly totalBytes: number;
}

/** Options of {@link copyImage}. */
export interface CopyImageOptions extends RegistryLimits, SignatureDemands {
  /** Where and how the source's registry is reached. `repository` is where its signatures are, if elsewhere. */
  from?: RegistryOptions | undefined;
  /** Read the source from this OCI layout, and from no registry. */
  layout?: LayoutFiles | undefined;
  /** Where and how the destination's registry is reached. `repository` has no effect here. */
  to?: RegistryOptions | undefined;
  /** Only what these keys signed is copied: nothing, if the image is not verified, and no signature that is not. */
  keys?: VerificationKeys | undefined;
  /** Find out what would be sent, and send nothing. */
  dryRun?: boolean | undefined;
  /** Called when something is there. */
  onProgress?: ((progress: CopyProgress) => void) | undefined;
  /** Ends it. What was sent stays, and another call goes on from there. */
  signal?: AbortSignal | undefined;
}

/** What a manifest is to the image. */
export type CopiedRole = "image" | "index" | "signatures" | "attestations" | "sbom" | "referrer";

/** What came of a manifest. */
export interface CopiedManifest {
  /** By which it is checked. */
  readonly digest: Digest;
  /** As the source calls it. */
  readonly mediaType: string;
  /** What it is to the image. */
  readonly role: CopiedRole;
  /** The tag that names it, such as `sha256-<hex>.sig`. */
  readonly tag?: string;
  /** The manifest that it refers to. */
  readonly subject?: Digest;
  /**
   * `sent`; `there`: it was there before; `merged`: its signatures were added to those that are there; `left`: it was not
   * copied, and `reason` says why; `conflict`: something else is there in its place, which was not overwritten.
   */
  readonly state: "sent" | "there" | "merged" | "left" | "conflict";
  /** Of what was left or merged, and of a conflict. */
  readonly reason?: string;
}

/** How many blobs, and how many bytes they have. */
export interface CopiedBlobs {
  /** How many. */
  readonly count: number;
  /** The sum of their sizes. */
  readonly bytes: number;
}

/** What {@link copyImage} did, or with `dryRun` would do. */
export interface CopiedImage {
  /**
   * `copied`; `planned`: with `dryRun`; `not-verified`: the image is not signed with the keys, and nothing was copied;
   * `conflict`: all was copied but what would have overwritten something else.
   */
  readonly state: "copied" | "planned" | "not-verified" | "conflict";
  /** The image that was copied. */
  readonly source: CanonicalReference;
  /** The same in its new place. */
  readonly destination: CanonicalReference;
  /** The tag that names it there now. */
  readonly tag?: string;
  /** What came of each manifest. */
  readonly manifests: readonly CopiedManifest[];
  /** What came of their blobs. */
  readonly blobs: {
    /** Those that came from the source. */
    readonly sent: CopiedBlobs;
    /** Those that were there before, and those of manifests that were. */
    readonly there: CopiedBlobs;
    /** Those that the registry took from the source, which is one of its own repositories. */
    readonly mounted: CopiedBlobs;
  };
  /** With keys: what the registry holds of the image. */
  readonly verification?: Verification;
}
