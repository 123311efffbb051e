// What a verification may be given.
import type { Digest, ImageReference } from "../image/reference.ts";
import type { LayoutFiles } from "../layout/files.ts";
import type { RegistryLimits } from "../registry/budget.ts";
import type { RegistryOptions } from "../registry/open.ts";
import type { VerificationKeys } from "./keys.ts";

/** What signatures have to say. */
export interface SignatureDemands {
  /** Refuse signatures that name no repository: those in bundles. */
  requireRepository?: boolean | undefined;
  /**
   * For mirrors: the beginning of a name, and what signatures have to say in its place, such as
   * `{ "mirror.example/hub": "docker.io" }`. It works as `remapIdentity` of podman's `policy.json`: a prefix is a
   * registry, or a registry and whole components of a path; the longest that fits replaces, and the image's own name
   * does not count any more.
   */
  signedAs?: Readonly<Record<string, string>> | undefined;
}

/** What is asked of attestations: of what is said of an image beside that it was signed. */
export interface AttestationDemands {
  /**
   * What is done with attestations: `list` tells those that are met, `verify` looks in every place for them, and
   * verifies each with the keys. Whatever comes of it, the image's state depends on signatures, and on `require`.
   * Default `list`.
   */
  attestations?: "list" | "verify" | undefined;
  /**
   * Types of attestations that have to be there, each verified with as many different keys as signatures need: short
   * names such as `slsaprovenance`, `spdx`, `cyclonedx` and `openvex`, or predicate types such as
   * `https://slsa.dev/provenance/v1`. An image without them is not `verified`. With `recursive`, every manifest needs
   * them. With `coveredBy`, the image itself does.
   */
  require?: readonly string[] | undefined;
}

/** Options of {@link verifyImage} beside the keys. */
export interface VerifyOptions extends RegistryLimits, SignatureDemands, AttestationDemands {
  /** Where and how the registry is reached; anonymously at `https://` if left out. */
  registry?: RegistryOptions | undefined;
  /**
   * An OCI layout in place of the registry. The reference says which image in it is meant, and what its signatures have
   * to name. All of the image that the layout holds is compared with its digests, too: what is damaged or missing is
   * never `verified`.
   */
  layout?: LayoutFiles | undefined;
  /** Verify every manifest in an index, too. At most 200 of them are walked. */
  recursive?: boolean | undefined;
  /**
   * An index of the same repository. If the image is not signed itself, it counts as verified when this index is, and
   * lists it, also in an index within. The result then has `coveredBy`. It cannot be combined with `recursive`.
   */
  coveredBy?: string | ImageReference | undefined;
  /** Ends the verification. */
  signal?: AbortSignal | undefined;
}

/** Options of {@link verifyImage}. */
export type VerifyImageOptions = VerificationKeys & VerifyOptions;

/** Bytes, or text in UTF-8. */
export type Bytes = Uint8Array | string;

/** What {@link verifySignatures} verifies. */
export type VerifySignaturesOptions = VerificationKeys & SignaturesInHand;

/** Signatures in hand, and what they have to be about. */
export interface SignaturesInHand extends SignatureDemands {
  /** The image that they have to be about. */
  reference: string | ImageReference;
  /** One manifest of signatures, or several. */
  manifest: Bytes | readonly Bytes[];
  /**
   * The blobs that they name, or a function that gives one by its digest; the size is in bytes. It is called for up to
   * eight signatures at a time.
   */
  blob: Bytes | readonly Bytes[] | ((digest: Digest, size: number) => Uint8Array | PromiseLike<Uint8Array>);
}
