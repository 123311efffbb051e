// Proof that a registry holds a valid signature of an image, one class a step. A `Candidate` is what a manifest names.
// Its blob, once size and digest fit, makes it `Untrusted`: bytes and a signature over them, with no way to look at
// what the bytes say. Only the platform's word that the signature holds makes it `Verified`, and only that can be read
// and compared with the image.
import type { CarriedCertificates } from "../../certificates/index.ts";
import type { Digest, ImageReference } from "../../image/reference.ts";
import { signatureFrom } from "../../strict/base64.ts";
import type { Descriptor } from "../../strict/descriptor.ts";
import { hasDigest } from "../../strict/digest.ts";
import { refuse } from "../../strict/fault.ts";
import type { Check, Key } from "../ready-keys.ts";
import type { SignatureFormat } from "../verification.ts";
import type { Algorithm, Hash } from "./algorithms.ts";
import { bundleVersion, openBundle } from "./bundle.ts";
import { fixedLength } from "./ecdsa.ts";
import type { SignedParts } from "./envelope.ts";
import { checkPayload } from "./simple-signing.ts";
import { type Attests, checkAttestation, checkStatement } from "./statement.ts";

export const simpleSigningType = "application/vnd.dev.cosign.simplesigning.v1+json";

/** The format of a media type that holds signatures, as results call it. */
export function formatOf(mediaType: string): SignatureFormat | undefined {
  if (mediaType === simpleSigningType) return "simple-signing";
  return bundleVersion(mediaType) === undefined ? undefined : "bundle";
}

/** What a manifest says of a signature. */
export interface NamedSignature extends Pick<Descriptor, "digest" | "size"> {
  readonly format: SignatureFormat;
  /** Only of simple signing: base64, as it stands in the annotation. */
  readonly signature?: string;
  /** Only of simple signing, and only where certificates count. */
  readonly certificates?: CarriedCertificates | undefined;
}

/** Compares content with an image, and gives what more it says. */
export type Compare<Says> = (content: Uint8Array, image: ImageReference) => Says;

/** Of a signature: the reference that was signed, where it says more than the image's name. */
export type SignedAsText = string | undefined;

/** What turned out to be an attestation, and no signature. Nothing is believed of it, not even its type. */
export interface Attested {
  /** As it calls itself; null when it does not say. */
  readonly predicateType: string | null;
  /** The statement with its signature, where that can be checked. */
  signed(): Untrusted<Attests>;
}

/** A signature that a manifest names; its blob has not been seen. */
export class Candidate {
  readonly format: SignatureFormat;
  readonly digest: Digest;
  readonly size: number;
  #signature: string | undefined;
  #certificates: CarriedCertificates | undefined;

  constructor({ format, digest, size, signature, certificates }: NamedSignature) {
    this.format = format;
    this.digest = digest;
    this.size = size;
    this.#signature = signature;
    this.#certificates = certificates;
  }

  /** The same for two that say the same. */
  get identity(): string {
    // Nothing before the signature has a space in it.
    const named = `${this.format} ${this.digest} ${this.size} ${this.#signature}`;
    return this.#certificates ? JSON.stringify([named, this.#certificates]) : named;
  }

  /**
   * Takes the blob, if it is the one that was named.
   *
   * @param tellsApart it may turn out to be no signature, but an attestation
   * @param isCertified whether certificates count
   */
  async open(
    blob: Uint8Array<ArrayBuffer>,
    tellsApart: boolean,
    isCertified: boolean,
  ): Promise<Untrusted<SignedAsText> | Attested> {
    await checkBlob(blob, this, "signature");
    if (this.format === "bundle") {
      const opened = openBundle(blob, tellsApart, isCertified);
      if ("message" in opened) return new Untrusted<SignedAsText>(opened, checkStatement);
      const { predicateType } = opened;
      return { predicateType, signed: () => new Untrusted(opened.parts(), checkAttestation) };
    }
    const signature = signatureFrom(this.#signature ?? "");
    if (!signature) return refuse("The signature is not base64.");
    const parts = { message: blob, signature, content: blob, certificates: this.#certificates };
    return new Untrusted(parts, checkPayload, true);
  }
}

/** Refuses a blob that is not the one that was named. */
export async function checkBlob(
  blob: Uint8Array<ArrayBuffer>,
  { digest, size }: Pick<Descriptor, "digest" | "size">,
  what: "signature" | "attestation",
): Promise<void> {
  if (blob.length !== size) {
    refuse(`The ${what}'s blob has ${blob.length} bytes, the manifest says ${size}.`);
  }
  if (!(await hasDigest(blob, digest))) refuse(`The digest of the ${what}'s blob does not match.`);
}

/** Bytes with a signature over them that was not checked yet. They cannot be read. */
export class Untrusted<Says> {
  #parts: SignedParts;
  #compare: Compare<Says>;
  #namesRepository: boolean;

  constructor(parts: SignedParts, compare: Compare<Says>, namesRepository = false) {
    this.#parts = parts;
    this.#compare = compare;
    this.#namesRepository = namesRepository;
  }

  /** Those that came with it, of which nothing is believed. */
  get certificates(): CarriedCertificates | undefined {
    return this.#parts.certificates;
  }

  /** The content, if the signature holds under this key with one of its algorithms. */
  async verifiedBy({ checks }: Key): Promise<Verified<Says> | undefined> {
    const found = await this.#firstThatHolds(checks);
    return (
      found && new Verified(this.#parts.content, this.#compare, this.#namesRepository, found.algorithm.hash)
    );
  }

  /** How it was made with this key, if that is a way that does not count: for its reason, and nothing else. */
  async mistakenlyBy({ mistakes }: Key): Promise<string | undefined> {
    const found = await this.#firstThatHolds(mistakes);
    return found && `${found.algorithm.name} and ${found.algorithm.hash}`;
  }

  async #firstThatHolds<Kind extends Algorithm>(
    checks: readonly Check<Kind>[],
  ): Promise<Check<Kind> | undefined> {
    const { message, signature } = this.#parts;
    for (const check of checks) {
      const { namedCurve } = check.algorithm;
      const bytes = namedCurve ? fixedLength(signature, namedCurve) : signature;
      if (await check.holds(bytes, message)) return check;
    }
    return undefined;
  }
}

/** Content that its signature covers. */
export class Verified<Says> {
  /** Does it name the repository? A bundle's statement does not. */
  readonly repositoryBound: boolean;
  readonly hash: Hash;
  #content: Uint8Array;
  #compare: Compare<Says>;

  constructor(content: Uint8Array, compare: Compare<Says>, repositoryBound: boolean, hash: Hash) {
    this.repositoryBound = repositoryBound;
    this.hash = hash;
    this.#content = content;
    this.#compare = compare;
  }

  /**
   * Refuses content that is about something else, or is not exactly what it has to be.
   *
   * @returns what more it says
   */
  checkAbout(image: ImageReference): Says {
    return this.#compare(this.#content, image);
  }
}
