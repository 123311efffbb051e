// What attachSignature takes and gives.
import type { Digest } from "../../image/reference.ts";
import type { RegistryLimits } from "../../registry/budget.ts";
import type { RegistryOptions } from "../../registry/open.ts";
import type { CertificateFile } from "../certificates.ts";
import type { ByteContainer } from "../given-signature.ts";
import type { VerificationKey } from "../keys.ts";
import type { SignatureFormat, SignaturePlace } from "../verification.ts";

/**
 * A signature as its signer gives it: RSASSA-PKCS1-v1_5, or ECDSA in DER or with r and s side by side, as Azure Key
 * Vault, PKCS #11 and `crypto.subtle.sign` give it. Bytes, or text: base64, base64url or hexadecimal.
 */
export type GivenSignature = string | ByteContainer;

/** What all options of {@link attachSignature} have. */
export interface AttachCommon extends RegistryLimits {
  /** The key that made it. */
  publicKey: VerificationKey;
  /**
   * A code-signing certificate of that key, in PEM or DER, which is kept beside the signature. It has to be valid now.
   * In a bundle it stands in the place of the key's name.
   */
  certificate?: CertificateFile | undefined;
  /**
   * The CAs above the certificate: each has issued the one before it. A bundle of v0.3 has no place for them: whoever
   * verifies it gives them as `intermediates`.
   */
  chain?: CertificateFile | readonly CertificateFile[] | undefined;
  /** Where and how the registry is reached. */
  registry?: RegistryOptions | undefined;
  /** Ends it; what was pushed stays. */
  signal?: AbortSignal | undefined;
}

/** A signature in one format. */
export interface AttachOneFormat extends AttachCommon {
  /** Over the bytes of {@link signingPayload} in this format. */
  signature: GivenSignature;
  /** How it is written down. Default `simple-signing`. */
  format?: SignatureFormat | undefined;
}

/** A signature in each format, which sign different bytes. */
export interface AttachBothFormats extends AttachCommon {
  /** One of each, over the bytes of {@link signingPayload} in its format. */
  signature: Readonly<Record<SignatureFormat, GivenSignature>>;
  /** Both formats. */
  format: "both";
}

/** Options of {@link attachSignature}. */
export type AttachOptions = AttachOneFormat | AttachBothFormats;

/** Where a signature is kept. */
export type AttachedPlace = Exclude<SignaturePlace, "given">;

/** A signature that is in the registry now, in one format. */
export interface AttachedFormat {
  /** How it is written down. */
  readonly format: SignatureFormat;
  /**
   * Where it is found: simple signing under the `.sig` tag; a bundle by the registry's own list of referrers, or where a
   * registry has none, by an index under the fallback tag.
   */
  readonly place: AttachedPlace;
  /** The tag that leads to it; none in the registry's own list of referrers. */
  readonly tag?: string;
  /** The digest of the manifest that holds it. */
  readonly digest: Digest;
  /** How many signatures of the image are there now, in this format and place. */
  readonly signatures: number;
  /** Was exactly this signature there already? Then nothing was pushed. */
  readonly wasThere: boolean;
}

/** What {@link attachSignature} did. */
export interface AttachedSignature {
  /**
   * The tag that leads to the signature: in simple signing `sha256-<hex>.sig`. A bundle has one only where the registry
   * keeps no list of referrers. With both formats, that of simple signing.
   */
  readonly tag?: string;
  /** How many signatures are there now. With both formats, those in simple signing. */
  readonly signatures: number;
  /** The same of each format, and more. */
  readonly formats: readonly AttachedFormat[];
}
