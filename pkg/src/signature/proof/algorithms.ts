// How signatures are made with a key, in WebCrypto's terms.
import type { KeyType } from "../public-key.ts";

/** The hashes that tools sign with. */
export type Hash = "SHA-256" | "SHA-384" | "SHA-512";

export interface Algorithm {
  readonly name: string;
  readonly hash: Hash | "SHA-1";
  readonly namedCurve?: string;
  /** Only of RSA-PSS, in bytes. */
  readonly saltLength?: number;
}

/** One in which a signature counts. */
export interface AcceptedAlgorithm extends Algorithm {
  readonly hash: Hash;
}

/** SHA-256 comes first: it is what nearly all tools sign with. Key management services let each key choose. */
const hashes: readonly Hash[] = ["SHA-256", "SHA-384", "SHA-512"];

const rsa: readonly AcceptedAlgorithm[] = hashes.map((hash) => ({ name: "RSASSA-PKCS1-v1_5", hash }));

function ecdsa(namedCurve: string): readonly AcceptedAlgorithm[] {
  return hashes.map((hash) => ({ name: "ECDSA", hash, namedCurve }));
}

/** By the key's type, as `publicKey()` names it. */
export const algorithmsOf: { readonly [Type in KeyType]: readonly AcceptedAlgorithm[] } = {
  RSA2048: rsa,
  RSA3072: rsa,
  RSA4096: rsa,
  secp256r1: ecdsa("P-256"),
  secp384r1: ecdsa("P-384"),
  secp521r1: ecdsa("P-521"),
};

/**
 * Ways in which signers are set up by mistake. A signature of this kind does not count, and its reason says why: RSA-PSS,
 * with a salt as long as the hash or as long as it can be, and SHA-1.
 */
export function mistakesOf(keyType: KeyType): readonly Algorithm[] {
  const withSha1 = algorithmsOf[keyType]
    .slice(0, 1)
    .map((algorithm) => ({ ...algorithm, hash: "SHA-1" as const }));
  if (!keyType.startsWith("RSA")) return withSha1;
  const bytes = Number(keyType.slice("RSA".length)) / 8;
  const pss = hashes.flatMap((hash) => {
    const length = Number(hash.slice("SHA-".length)) / 8;
    // RFC 8017 §9.1.1: the hash, the salt and two bytes more fill the modulus at most.
    return [length, bytes - length - 2].map((saltLength) => ({ name: "RSA-PSS", hash, saltLength }));
  });
  return [...pss, ...withSha1];
}
