// What a request is compared with, as it is told.
import type { OcisignError } from "../error.ts";
import type { CanonicalReference } from "../image/reference.ts";
import type { RegistryOptions } from "../registry/open.ts";
import type { Product } from "../service/product.ts";
import type { Signing, SigningIn } from "../service/signing.ts";
import type { FoundKey } from "../signature/key-rule.ts";
import type { VerificationKey } from "../signature/keys.ts";
import type { Verification, Verified } from "../signature/verification.ts";

/** Options of {@link lastSigned}. */
export interface LastSignedOptions {
  /**
   * Where and how the registry is reached; anonymously at `https://` if left out. A sign-in without a `url` goes to the
   * registry that the request names.
   */
  registry?: RegistryOptions | undefined;
  /** Count no signatures that name no repository: those in bundles. */
  requireRepository?: boolean | undefined;
  /** The requests among which to look, if they were read already; in place of the service's list. */
  signings?: readonly Signing[] | undefined;
  /** The request's product, if it was read already: it shows the key. */
  product?: Product | undefined;
  /** The key that is expected, as in {@link verifySigning}. */
  publicKey?: VerificationKey | undefined;
  /** For one call to the registry, in milliseconds. Default 30,000. */
  callTimeoutMs?: number | undefined;
  /** For one verification as a whole, in milliseconds. Default 300,000: five minutes. */
  totalTimeoutMs?: number | undefined;
  /** What one verification may read as a whole, in bytes. Default 67,108,864: 64 MiB. */
  totalBytes?: number | undefined;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/** A request that is signed by the service's word, and that the registry does not prove. */
export interface PassedOver {
  /** The request. */
  readonly signing: SigningIn<"signed">;
  /** Its image. */
  readonly reference: CanonicalReference;
  /** What the registry holds: `invalid`, `unsigned`, or `unreachable`, from which nothing can be concluded. */
  readonly verification: Exclude<Verification, Verified>;
}

/** What every {@link LastSigned} tells. */
export interface LastSignedFacts {
  /** Newer requests that the registry does not prove, the newest first. An approver should hear of them. */
  readonly passedOver: readonly PassedOver[];
}

/** The newest request whose signature verifies. */
export interface FoundLastSigned extends LastSignedFacts {
  /** There is one. */
  readonly state: "found";
  /** The request, with its approvals. */
  readonly signing: SigningIn<"signed">;
  /** Its image, which the signature is about: pass it to {@link compareImages}. */
  readonly reference: CanonicalReference;
  /** When it was signed, by the service's word: RFC 3339. Nothing if the service names no time. */
  readonly signedAt?: string;
  /** What proves it. */
  readonly verification: Verified;
  /** The key that signed, and where it was found. */
  readonly key: FoundKey;
}

/** There is none: no other request is signed, or the registry proves that none of them is. */
export interface NoLastSigned extends LastSignedFacts {
  /** There is none. */
  readonly state: "none";
}

/** It could not be found out. */
export interface UnknownLastSigned extends LastSignedFacts {
  /** Nobody knows. */
  readonly state: "unknown";
  /** Why. */
  readonly error: OcisignError;
}

/** What {@link lastSigned} found. */
export type LastSigned = FoundLastSigned | NoLastSigned | UnknownLastSigned;
