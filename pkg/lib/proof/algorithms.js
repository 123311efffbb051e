// How signatures are made with a key, in WebCrypto's terms.

/** @typedef {{ name: string, hash: string, namedCurve?: string }} Algorithm */

/** @type {Algorithm[]} */
const rsa = [{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }];

/** With SHA-256 or the curve's own hash: tools differ. @param {string} namedCurve @param {string[]} hashes @returns {Algorithm[]} */
function ecdsa(namedCurve, ...hashes) {
  return hashes.map((hash) => ({ name: "ECDSA", hash, namedCurve }));
}

/** By the key's type, as `publicKey()` names it. @type {Record<string, Algorithm[]>} */
export const algorithmsOf = {
  RSA2048: rsa,
  RSA3072: rsa,
  RSA4096: rsa,
  secp256r1: ecdsa("P-256", "SHA-256"),
  secp384r1: ecdsa("P-384", "SHA-256", "SHA-384"),
  secp521r1: ecdsa("P-521", "SHA-256", "SHA-512"),
};
