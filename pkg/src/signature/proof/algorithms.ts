// How signatures are made with a key, in WebCrypto's terms.
import type { KeyType } from "../public-key.ts";

/** The hashes that tools sign with. */
export type Hash = "SHA-256" | "SHA-384" | "SHA-512";

export interface Algorithm {
  readonly name: string;
  readonly hash: Hash;
  readonly namedCurve?: string;
}

const rsa: readonly Algorithm[] = [{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }];

/** With SHA-256 or the curve's own hash: tools differ. */
function ecdsa(namedCurve: string, ...hashes: Hash[]): readonly Algorithm[] {
  return hashes.map((hash) => ({ name: "ECDSA", hash, namedCurve }));
}

/** By the key's type, as `publicKey()` names it. */
export const algorithmsOf: { readonly [Type in KeyType]: readonly Algorithm[] } = {
  RSA2048: rsa,
  RSA3072: rsa,
  RSA4096: rsa,
  secp256r1: ecdsa("P-256", "SHA-256"),
  secp384r1: ecdsa("P-384", "SHA-256", "SHA-384"),
  secp521r1: ecdsa("P-521", "SHA-256", "SHA-512"),
};
