// Proof that a registry holds a valid signature of an image, one class a step. A `Candidate` is what a manifest names.
// Its blob, once size and digest fit, makes it `Untrusted`: bytes and a signature over them, with no way to look at what
// the bytes say. Only the platform's word that the signature holds makes it `Verified`, and only that can be read and
// compared with the image.
import { signatureFrom } from "./base64.js";
import { bundleType, checkStatement, openBundle } from "./bundle.js";
import { hasDigest } from "./digest.js";
import { fixedLength } from "./ecdsa.js";
import { refuse } from "./fault.js";
import { checkPayload } from "./simple-signing.js";

export const simpleSigningType = "application/vnd.dev.cosign.simplesigning.v1+json";

/** What each media type is called in results, and how it is written down. */
const formats = new Map([
  [simpleSigningType, "simple-signing"],
  [bundleType, "bundle"],
]);

/** @param {string} mediaType */
export function isSignature(mediaType) {
  return formats.has(mediaType);
}

/** A signature that a manifest names; its blob has not been seen. */
export class Candidate {
  #signature;

  /** @param {{ mediaType: string, digest: string, size: number, signature?: string }} layer */
  constructor({ mediaType, digest, size, signature }) {
    this.format = /** @type {string} */ (formats.get(mediaType));
    this.digest = digest;
    this.size = size;
    this.#signature = signature;
  }

  /** The same for two that say the same. */
  get identity() {
    return JSON.stringify([this.format, this.digest, this.size, this.#signature]);
  }

  /** Takes the blob, if it is the one that was named. @param {Uint8Array<ArrayBuffer>} blob */
  async open(blob) {
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

/** Bytes with a signature over them that nobody has checked. They cannot be read. */
class Untrusted {
  #parts;
  #check;
  #namesRepository;

  /**
   * @param {{ message: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>, content: Uint8Array }} parts
   * @param {typeof checkPayload} check compares the content with an image @param {boolean} namesRepository
   */
  constructor(parts, check, namesRepository) {
    this.#parts = parts;
    this.#check = check;
    this.#namesRepository = namesRepository;
  }

  /**
   * The content, if the signature holds under this key with one of its algorithms.
   *
   * @param {import("../keys.js").Key} key
   */
  async verifiedBy({ algorithms, checks }) {
    const { message, signature, content } = this.#parts;
    for (const [index, { hash, namedCurve }] of algorithms.entries()) {
      const bytes = namedCurve ? fixedLength(signature, namedCurve) : signature;
      if (await checks[index](bytes, message)) {
        return new Verified(content, this.#check, this.#namesRepository, hash);
      }
    }
    return undefined;
  }
}

/** Content that its signature covers. */
class Verified {
  #content;
  #check;

  /** @param {Uint8Array} content @param {typeof checkPayload} check @param {boolean} repositoryBound @param {string} hash */
  constructor(content, check, repositoryBound, hash) {
    this.#content = content;
    this.#check = check;
    /** Does it name the repository? A bundle's statement does not. */
    this.repositoryBound = repositoryBound;
    this.hash = hash;
  }

  /** Refuses content that is about something else, or is not exactly what a signature has to be. @param {import("../../index.js").ImageReference} image */
  checkAbout(image) {
    this.#check(this.#content, image);
  }
}
