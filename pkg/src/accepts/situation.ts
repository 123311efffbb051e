// What others meet when they look for the signature of one key beside an image: which signatures stand there, in which
// format, over which hash, and where. Whatever has no name here has no row either, so that nobody guesses about it.
import type {
  AttestationReport,
  Fingerprint,
  GoodSignature,
  KeyType,
  PublicKey,
  SignatureReport,
  Verification,
} from "ocisign";
import { madeElsewhere } from "../signature/proof/made-elsewhere.ts";

/**
 * Something beside an image that makes a difference to somebody:
 *
 * - `simple`, `bundle`: a signature by the key, over SHA-256;
 * - with `:own-hash`: the same over the hash of a larger curve, SHA-384 or SHA-512;
 * - `simple:tagged`: by the key; it names the repository with a tag;
 * - `simple:elsewhere`: by the key; it names another repository;
 * - `other:simple`, `other:bundle`: by another key;
 * - `attestation`, `attestation-tag`: an attestation, among the referrers or under the tag of cosign 2;
 * - `index`: the image is an index.
 */
export type Trait =
  | "simple"
  | "simple:own-hash"
  | "simple:tagged"
  | "simple:elsewhere"
  | "bundle"
  | "bundle:own-hash"
  | "other:simple"
  | "other:bundle"
  | "attestation"
  | "attestation-tag"
  | "index";

/** Where a registry's referrers are listed: by itself, or in an index under the fallback tag. */
export type ReferrersPlace = "referrers" | "fallback-tag";

/** What stands beside an image, as somebody who has one key meets it. */
export interface Situation {
  /** The key that signed; undefined if none of the given ones did. */
  readonly key: Fingerprint | undefined;
  readonly keyType: KeyType | undefined;
  /** In alphabetical order, each once; none of an image that has nothing beside it. */
  readonly traits: readonly Trait[];
  /** Where bundles and attestations are listed, if there are any. */
  readonly place: ReferrersPlace | undefined;
  /** The hash of the key's signatures, where it is a larger curve's own. */
  readonly ownHash: "SHA-384" | "SHA-512" | undefined;
  /** Why no more can be said, if so. */
  readonly unclear: string | undefined;
}

/** A situation for each key that signed; one for all of them if none did. */
export function situationsOf(verification: Verification, keys: readonly PublicKey[]): Situation[] {
  const signers = verification.keys.length > 0 ? verification.keys : [undefined];
  const only = keys.length === 1 ? keys[0] : undefined;
  return signers.map((signer) => {
    const key = signer === undefined ? only : keys.find(({ fingerprint }) => fingerprint === signer);
    return situationOf(verification, signer, key);
  });
}

function situationOf(
  verification: Verification,
  signer: Fingerprint | undefined,
  key: PublicKey | undefined,
): Situation {
  const met = new Met(verification, signer, key?.keyType);
  for (const signature of verification.signatures) met.signature(signature);
  for (const attestation of verification.attestations) met.attestation(attestation);
  return met.situation();
}

/** The hash that a larger curve's signers take unless they are told. */
const ownHashes: Partial<Record<KeyType, "SHA-384" | "SHA-512">> = {
  secp384r1: "SHA-384",
  secp521r1: "SHA-512",
};

/** Gathers what stands beside an image. */
class Met {
  #verification: Verification;
  #signer: Fingerprint | undefined;
  #keyType: KeyType | undefined;
  #traits = new Set<Trait>();
  #places = new Set<ReferrersPlace>();
  #ownHash: Situation["ownHash"];
  #unclear: string | undefined;

  constructor(verification: Verification, signer: Fingerprint | undefined, keyType: KeyType | undefined) {
    this.#verification = verification;
    this.#signer = signer;
    this.#keyType = keyType;
    const [problem] = verification.problems;
    if (problem) this.#leave(problem.message);
    if (verification.seen?.isIndex) this.#traits.add("index");
  }

  signature(signature: SignatureReport): void {
    const { format, from } = signature;
    if (format === "bundle") this.#listedIn(from);
    else if (!from.includes("tag")) this.#leave("A signature lies where these tools were not tried.");
    if (!signature.verified) this.#bad(signature);
    else if (signature.key === this.#signer) this.#good(signature);
    else this.#traits.add(signature.format === "bundle" ? "other:bundle" : "other:simple");
  }

  attestation({ from }: AttestationReport): void {
    if (from.includes("attestation-tag")) this.#traits.add("attestation-tag");
    if (from.every((place) => place === "attestation-tag")) return;
    this.#traits.add("attestation");
    this.#listedIn(from);
  }

  #good({ format, hash, signedAs, certificate }: GoodSignature): void {
    if (certificate) this.#leave("A certificate vouches for the key, and only keys were tried.");
    const { identity, reference } = this.#verification;
    const isOwnHash = hash !== "SHA-256";
    if (isOwnHash && hash !== (this.#keyType && ownHashes[this.#keyType])) {
      this.#leave(`The signature is over ${hash}, which was not tried with this key's type.`);
    }
    if (isOwnHash) this.#ownHash = hash;
    if (format === "bundle") this.#traits.add(isOwnHash ? "bundle:own-hash" : "bundle");
    else if (isOwnHash) {
      if (identity || signedAs !== undefined) this.#leave(otherName);
      this.#traits.add("simple:own-hash");
    } else if (identity) this.#traits.add("simple:elsewhere");
    else if (signedAs === undefined) this.#traits.add("simple");
    else if (isTagged(signedAs, reference)) this.#traits.add("simple:tagged");
    else this.#leave(otherName);
  }

  #bad({ format, failed, reason }: Extract<SignatureReport, { verified: false }>): void {
    // With several keys, it is not told which of them made it.
    const isByTheKey = failed === "content" && reason.startsWith(madeElsewhere) && this.#isAlone;
    if (isByTheKey) this.#traits.add("simple:elsewhere");
    else if (format && failed === "signature") {
      this.#traits.add(format === "bundle" ? "other:bundle" : "other:simple");
    } else this.#leave(`A signature is there that others may read otherwise: ${reason}`);
  }

  /** Is there one key only that can have made what names another repository? */
  get #isAlone(): boolean {
    return this.#keyType !== undefined && this.#verification.keys.length < 2;
  }

  #listedIn(from: readonly string[]): void {
    const { listsReferrers } = this.#verification.seen ?? {};
    if (from.includes("referrers")) this.#places.add("referrers");
    else if (from.includes("fallback-tag") && listsReferrers === false) this.#places.add("fallback-tag");
    else this.#leave("A bundle lies where the registry's own list does not name it.");
  }

  #leave(why: string): void {
    this.#unclear ??= why;
  }

  situation(): Situation {
    const [place] = this.#places;
    if (this.#places.size > 1) this.#leave("Bundles are listed in two places.");
    return {
      key: this.#signer,
      keyType: this.#keyType,
      traits: [...this.#traits].sort(),
      place,
      ownHash: this.#ownHash,
      unclear: this.#unclear,
    };
  }
}

const otherName = "The signature spells the image's name in a way that was not tried.";

/** Is it the image's name with a tag, and nothing else? */
function isTagged(signedAs: string, reference: string): boolean {
  const name = reference.slice(0, reference.indexOf("@"));
  return signedAs.startsWith(`${name}:`) && !signedAs.includes("@");
}
