// Proof that a registry holds a valid signature of an image, one class a step. A `Candidate` is what a manifest names.
// Its blob, once size and digest fit, makes it `Untrusted`: bytes and a signature over them, with no way to look at
// what the bytes say. Only the platform's word that the signature holds makes it `Verified`, and only that can be read
// and compared with the image.
import type { Digest, ImageReference } from "../../image/reference.ts";
import { signatureFrom } from "../../strict/base64.ts";
import type { Descriptor } from "../../strict/descriptor.ts";
import { hasDigest } from "../../strict/digest.ts";
import { refuse } from "../../strict/fault.ts";
import type { Key } from "../keys.ts";
import type { SignatureFormat } from "../verification.ts";
import type { Hash } from "./algorithms.ts";
import { bundleType, checkStatement, openBundle, type SignedParts } from "./bundle.ts";
import { fixedLength } from "./ecdsa.ts";
import { checkPayload } from "./simple-signing.ts";

export const simpleSigningType = "application/vnd.dev.cosign.simplesigning.v1+json";

/** What each media type is called in results, and how it is written down. */
const formats = new Map<string, SignatureFormat>([
  [simpleSigningType, "simple-signing"],
  [bundleType, "bundle"],
]);

/** The format of a media type that holds signatures. */
export function formatOf(mediaType: string): SignatureFormat | undefined {
  return formats.get(mediaType);
}

/** What a manifest says of a signature. */
export interface NamedSignature extends Pick<Descriptor, "digest" | "size"> {
  readonly format: SignatureFormat;
  /** Only of simple signing: base64, as it stands in the annotation. */
  readonly signature?: string;
}

/** Compares content with an image. */
type Check = (content: Uint8Array, image: ImageReference) => void;

/** A signature that a manifest names; its blob has not been seen. */
export class Candidate {
  readonly format: SignatureFormat;
  readonly digest: Digest;
  readonly size: number;
  #signature: string | undefined;

  constructor({ format, digest, size, signature }: NamedSignature) {
    this.format = format;
    this.digest = digest;
    this.size = size;
    this.#signature = signature;
  }

  /** The same for two that say the same. */
  get identity(): string {
    return JSON.stringify([this.format, this.digest, this.size, this.#signature]);
  }

  /** Takes the blob, if it is the one that was named. */
  async open(blob: Uint8Array<ArrayBuffer>): Promise<Untrusted> {
    if (blob.length !== this.size) {
      refuse(`The signature's blob has ${blob.length} bytes, the manifest says ${this.size}.`);
    }
    if (!(await hasDigest(blob, this.digest))) {
      refuse("The digest of the signature's blob does not match.");
    }
    if (this.format === "bundle") return new Untrusted(openBundle(blob), checkStatement, false);
    const signature = signatureFrom(this.#signature ?? "");
    if (!signature) return refuse("The signature is not base64.");
    return new Untrusted({ message: blob, signature, content: blob }, checkPayload, true);
  }
}

/** Bytes with a signature over them that was not checked yet. They cannot be read. */
export class Untrusted {
  #parts: SignedParts;
  #check: Check;
  #namesRepository: boolean;

  constructor(parts: SignedParts, check: Check, namesRepository: boolean) {
    this.#parts = parts;
    this.#check = check;
    this.#namesRepository = namesRepository;
  }

  /** The content, if the signature holds under this key with one of its algorithms. */
  async verifiedBy({ checks }: Key): Promise<Verified | undefined> {
    const { message, signature, content } = this.#parts;
    for (const { algorithm, holds } of checks) {
      const { hash, namedCurve } = algorithm;
      const bytes = namedCurve ? fixedLength(signature, namedCurve) : signature;
      if (await holds(bytes, message)) {
        return new Verified(content, this.#check, this.#namesRepository, hash);
      }
    }
    return undefined;
  }
}

/** Content that its signature covers. */
export class Verified {
  /** Does it name the repository? A bundle's statement does not. */
  readonly repositoryBound: boolean;
  readonly hash: Hash;
  #content: Uint8Array;
  #check: Check;

  constructor(content: Uint8Array, check: Check, repositoryBound: boolean, hash: Hash) {
    this.repositoryBound = repositoryBound;
    this.hash = hash;
    this.#content = content;
    this.#check = check;
  }

  /** Refuses content that is about something else, or is not exactly what a signature has to be. */
  checkAbout(image: ImageReference): void {
    this.#check(this.#content, image);
  }
}
