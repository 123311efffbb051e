// Public keys, and the payload that is signed (src/public_key.rs, src/simple_signing.rs).

/** A deployment's key types; `RSA4096` is the reference's, the EC names are ours. */
export type KeyType = "RSA2048" | "RSA3072" | "RSA4096" | "secp256r1" | "secp384r1" | "secp521r1";

/** A product's public key. */
export interface PublicKey {
  /** PEM (RFC 7468 §13), as `cosign verify --key` and openssl read it. */
  readonly pem: string;
  /** DER `SubjectPublicKeyInfo` (RFC 5280 §4.1), as `crypto.subtle.importKey("spki", …)` reads it. */
  readonly spki: Uint8Array<ArrayBuffer>;
  /** Read from the key itself. */
  readonly keyType: KeyType;
  /** As `openssl pkey -pubin -outform DER | sha256sum` prints it, after `sha256:`. */
  readonly fingerprint: Fingerprint;
  /** What is unusual about a key that is valid: an RSA exponent other than 65537. */
  readonly warning?: string;
}

/** A public key's fingerprint: `sha256:` and the hexadecimal SHA-256 of its DER form. */
export type Fingerprint = `sha256:${string}`;

/** The payload that a signature of an image is made over. */
export interface SimpleSigningPayload {
  /** Cosign's simple signing, in the exact bytes: encode it as UTF-8 and sign that. */
  readonly text: string;
  /** Its SHA-256 in lower-case hexadecimal, for a service that signs digests. */
  readonly sha256: string;
}
