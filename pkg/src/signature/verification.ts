// The outcome of a verification.
import type { ErrorCode } from "../error.ts";
import type { CanonicalReference, Digest } from "../image/reference.ts";
import type { RevokedDigest } from "../trust/policy.ts";
import type { SignatureCertificate } from "./certificates.ts";
import type { Fingerprint } from "./public-key.ts";

/**
 * What is checked of a signature, in this order: what its manifest says of it, size and digest of its blob, with
 * `certificates` the certificate that vouches for its key, the signature over the raw bytes, with `trust` that its key
 * counts by the trust file, what they say, and that they name the repository.
 */
export type VerificationStep =
  | "manifest"
  | "blob"
  | "certificate"
  | "signature"
  | "key"
  | "content"
  | "repository";

/**
 * How a signature is written down: cosign's simple signing, or a Sigstore bundle v0.3, by its own media type or by the
 * older name of the same format.
 */
export type SignatureFormat = "simple-signing" | "bundle";

/** Where a signature was found: the `.sig` tag, OCI 1.1 referrers, the referrers fallback tag, or in hand. */
export type SignaturePlace = "tag" | "referrers" | "fallback-tag" | "given";

/** Where an attestation was found: where signatures are, or under the `.att` tag of cosign 2. */
export type AttestationPlace = SignaturePlace | "attestation-tag";

/** A signature that holds and is about the image. */
export interface GoodSignature {
  /** It counts. */
  readonly verified: true;
  /** The steps that it passed. A bundle names no repository, so it does not pass the last one. */
  readonly checked: readonly VerificationStep[];
  /** Only of one that does not count. */
  readonly failed?: never;
  /** How it is written down. */
  readonly format: SignatureFormat;
  /** Everywhere it was found. */
  readonly from: readonly SignaturePlace[];
  /** The digest of the payload's or the bundle's blob. */
  readonly blob: Digest;
  /** The fingerprint of the key under which it holds. */
  readonly key: Fingerprint;
  /** The hash that was signed: mostly `SHA-256`; a signer may use another one, such as the curve's own. */
  readonly hash: "SHA-256" | "SHA-384" | "SHA-512";
  /** Does it name the repository? A bundle names a digest only. */
  readonly repositoryBound: boolean;
  /**
   * The reference that was signed, where it says more than the image's name, or spells it otherwise: podman, skopeo and
   * `cosign sign --sign-container-identity` sign a tag, too. The tag is a note: it may name another image today.
   */
  readonly signedAs?: string;
  /** With `certificates`, the one that vouches for the key. */
  readonly certificate?: SignatureCertificate;
  /** Only of one that does not count. */
  readonly reason?: never;
}

/** A signature that does not count. */
export interface BadSignature {
  /** It does not count. */
  readonly verified: false;
  /** The steps that it passed. */
  readonly checked: readonly VerificationStep[];
  /** The step that it did not pass; none when its blob could not be read. */
  readonly failed?: VerificationStep;
  /** `null` when not even that could be read. */
  readonly format: SignatureFormat | null;
  /** Everywhere it was found. */
  readonly from: readonly SignaturePlace[];
  /** The digest of the payload's or the bundle's blob; `null` when not even that could be read. */
  readonly blob: Digest | null;
  /** Only of one that holds. */
  readonly key?: never;
  /** Only of one that holds. */
  readonly hash?: never;
  /** Only of one that holds. */
  readonly repositoryBound?: never;
  /** Only of one that holds. */
  readonly signedAs?: never;
  /** Only of one that holds. */
  readonly certificate?: never;
  /** Why it does not count. */
  readonly reason: string;
}

/** What was found out about one signature. */
export type SignatureReport = GoodSignature | BadSignature;

/** What every {@link AttestationReport} tells. */
export interface AttestationFacts {
  /**
   * What it calls itself, such as `https://slsa.dev/provenance/v1`; `null` when it does not say. Only of one that is
   * `verified`, this is what was signed.
   */
  readonly predicateType: string | null;
  /** Everywhere it was found. The `.att` tag is looked at when attestations are verified, or there are no signatures. */
  readonly from: readonly AttestationPlace[];
  /** The digest of its blob. */
  readonly digest: Digest;
}

/** An attestation that is listed, and was not verified: nothing here is proved. */
export interface UnverifiedAttestation extends AttestationFacts {
  /** It was not asked for, or could not be read. */
  readonly verified?: undefined;
}

/** An attestation that one of the keys signed, and that is about exactly this image. */
export interface GoodAttestation extends AttestationFacts {
  /** It counts as an attestation of its type, and never as a signature. */
  readonly verified: true;
  /** What was signed. */
  readonly predicateType: string;
  /** The steps that it passed; the last one only if its subject is named as the image is. */
  readonly checked: readonly VerificationStep[];
  /** The fingerprint of the key under which it holds. */
  readonly key: Fingerprint;
  /** The hash that was signed. */
  readonly hash: "SHA-256" | "SHA-384" | "SHA-512";
  /** Is its subject named as the image is? The digest says which image it is about, wherever that is. */
  readonly repositoryBound: boolean;
  /** With `certificates`, the one that vouches for the key. */
  readonly certificate?: SignatureCertificate;
}

/** An attestation that does not count. */
export interface BadAttestation extends AttestationFacts {
  /** It does not count. */
  readonly verified: false;
  /** The steps that it passed. */
  readonly checked: readonly VerificationStep[];
  /** The step that it did not pass. */
  readonly failed: VerificationStep;
  /** Why it does not count. */
  readonly reason: string;
}

/**
 * Something else that is said of the image, such as how it was built or what is in it. It is no signature of the image,
 * whoever signed it. With `attestations: "verify"` or `require`, `verified` says what came of it.
 */
export type AttestationReport = UnverifiedAttestation | GoodAttestation | BadAttestation;

/** What came of one type of attestation that `require` asks for. */
export interface RequiredAttestation {
  /** As it was asked for: a short name or a predicate type. */
  readonly type: string;
  /** The predicate types that count. */
  readonly predicateTypes: readonly string[];
  /** Have enough different keys attested it? */
  readonly met: boolean;
  /** The different keys that did. */
  readonly keys: readonly Fingerprint[];
  /** Why it is not met. */
  readonly reason?: string;
}

/** What could not be read, so that nothing can be concluded from it. */
export interface VerificationProblem {
  /** Which place: the image itself, or one where signatures or attestations may be. */
  readonly from?: "image" | AttestationPlace;
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** What was wrong, for people. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** An index that is verified, and lists an image that is not signed itself. */
export interface Covering {
  /** The index. */
  readonly reference: CanonicalReference;
  /** The index's digest. */
  readonly digest: Digest;
  /** The indexes within it that lead to the image, from outside to inside: none, if it lists the image itself. */
  readonly through: readonly Digest[];
  /** The signatures of the index. */
  readonly signatures: readonly SignatureReport[];
}

/** The name that signatures had to say, because `signedAs` says that the image's own name stands for it. */
export interface SignedIdentity {
  /** Registry and repository, such as `registry.example/team/app`. */
  readonly name: string;
  /** The prefix of the image's name that fits, as `signedAs` has it. */
  readonly prefix: string;
  /** What stands in its place. */
  readonly signedPrefix: string;
}

/** A key that a rule of a trust file names. */
export interface TrustedKey {
  /** Its name in the file. */
  readonly name: string;
  /** Its fingerprint. */
  readonly fingerprint: Fingerprint;
  /** Does it count for this image, at the time of verifying? */
  readonly counts: boolean;
  /** Why it does not count, in words that go on after "the key is". */
  readonly why?: string;
}

/** What a trust file says of an image. */
export interface VerificationTrust {
  /** The name of the rule that holds. */
  readonly rule: string;
  /** The pattern by which it holds: the longest that fits the image's name. */
  readonly pattern: string;
  /** The rule's keys. */
  readonly keys: readonly TrustedKey[];
  /** The entry by which the image is revoked: it is never verified. */
  readonly revoked?: RevokedDigest;
}

/** What a verification saw of an image and its registry beside signatures. What it did not see is left out. */
export interface SeenBeside {
  /** Is it an index of several images? */
  readonly isIndex?: boolean;
  /** Does the registry list referrers itself (OCI 1.1)? Otherwise tools keep the list under the fallback tag. */
  readonly listsReferrers?: boolean;
}

/** What every {@link Verification} tells. */
export interface VerificationFacts {
  /** The image that was verified. */
  readonly reference: CanonicalReference;
  /** The image's digest. */
  readonly digest: Digest;
  /** Fingerprints of the different keys whose signatures hold. */
  readonly keys: readonly Fingerprint[];
  /** So many different keys had to have signed. */
  readonly threshold: number;
  /** Each signature that was found, with what was found out about it. */
  readonly signatures: readonly SignatureReport[];
  /** What else was found beside the image, which is no signature. */
  readonly attestations: readonly AttestationReport[];
  /** With `require`, what came of each type that was asked for. */
  readonly required?: readonly RequiredAttestation[];
  /** What could not be read. */
  readonly problems: readonly VerificationProblem[];
  /**
   * What is unusual about the keys that were given, if anything is. With `certificates`, what no certificate proves: that
   * it was valid when the image was signed.
   */
  readonly warnings?: readonly string[];
  /** Where a prefix of `signedAs` fits: what signatures had to name in place of the image's own name. */
  readonly identity?: SignedIdentity;
  /** With `trust`, which rule of the trust file holds for the image, and which of its keys count. */
  readonly trust?: VerificationTrust;
  /** What was seen of the image and its registry beside signatures; left out for signatures in hand. */
  readonly seen?: SeenBeside;
  /** The outcome in one sentence. */
  readonly reason: string;
  /** With `recursive`, the manifests of an index. The worst state of all is that of the whole. */
  readonly manifests?: readonly Verification[];
}

/** Enough keys have signed exactly this image. */
export interface Verified extends VerificationFacts {
  /** The outcome. */
  readonly state: "verified";
  /** Fingerprints of the different keys whose signatures hold: at least one. With `coveredBy`, those of the index. */
  readonly keys: readonly [Fingerprint, ...Fingerprint[]];
  /** With `recursive`, the manifests of an index, all of them verified. */
  readonly manifests?: readonly Verified[];
  /** Only if it was asked for, and the image's own signatures do not suffice: the index that counts in their place. */
  readonly coveredBy?: Covering;
}

/**
 * There are signatures, and not enough of them hold; each says why. With `require`, also: they hold, and an attestation
 * that has to be there does not; `required` says why.
 */
export interface Invalid extends VerificationFacts {
  /** Only of what is verified. */
  readonly coveredBy?: never;
  /** The outcome. */
  readonly state: "invalid";
}

/** The registry itself says that there is no signature, everywhere one could be. */
export interface Unsigned extends VerificationFacts {
  /** Only of what is verified. */
  readonly coveredBy?: never;
  /** The outcome. */
  readonly state: "unsigned";
}

/** Something could not be read, so nothing can be concluded; `problems` say what. */
export interface Unreachable extends VerificationFacts {
  /** Only of what is verified. */
  readonly coveredBy?: never;
  /** The outcome. */
  readonly state: "unreachable";
}

/**
 * The outcome of a verification. `unsigned` is the registry's own word that there is no signature; whatever
 * could not be read is `unreachable`. An error is never `unsigned`.
 *
 * @example
 * ```js
 * import { verifyImage } from "ocisign";
 *
 * const verification = await verifyImage(image, { publicKey: pem });
 * switch (verification.state) {
 *   case "verified":
 *     console.log(`signed by ${verification.keys[0]}`);
 *     break;
 *   case "invalid":
 *     for (const signature of verification.signatures) {
 *       if (!signature.verified) console.log(signature.reason);
 *     }
 *     break;
 *   default:
 *     console.log(`${verification.state}: ${verification.reason}`);
 * }
 * ```
 */
export type Verification = Verified | Invalid | Unsigned | Unreachable;
