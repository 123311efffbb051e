// Signers that ocisign knows nothing of: openssl, a token behind PKCS #11, and key management services. Each signs what
// `ocisign payload` printed, and writes the signature in its own form.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** The keys, as openssl makes them. */
const makings = {
  RSA2048: ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  "P-256": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  "P-384": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
};

/** @typedef {keyof typeof makings} Key */

/** @type {Key[]} */
export const keysOfOpenssl = ["RSA2048", "P-256", "P-384"];

/**
 * A key that openssl keeps in a folder.
 *
 * @param {string} folder @param {Key} key
 */
export function opensslSigner(folder, key) {
  const [privateKey, publicKey] = ["private", "public"].map((half) => join(folder, `${key}.${half}.pem`));
  const openssl = (/** @type {string[]} */ args, /** @type {Uint8Array} */ input = Buffer.of()) =>
    execFileSync("openssl", args, { input, stdio: ["pipe", "pipe", "pipe"] });
  openssl([...makings[key], "-out", privateKey]);
  openssl(["pkey", "-in", privateKey, "-pubout", "-out", publicKey]);
  return {
    publicKey,
    /** RSASSA-PKCS1-v1_5, or ECDSA in DER. @param {Uint8Array} payload */
    sign: (payload, hash = "sha256") => openssl(["dgst", `-${hash}`, "-sign", privateKey], payload),
  };
}

/** r and s side by side, as PKCS #11 and Azure Key Vault give them. @param {Buffer} der @param {number} size of each */
export function sideBySide(der, size) {
  const numbers = [];
  // SEQUENCE, its length in one or two bytes, and two INTEGERs.
  for (let at = der[1] === 0x81 ? 3 : 2; at < der.length; at += 2 + der[at + 1]) {
    const number = der.subarray(at + 2, at + 2 + der[at + 1]);
    const bare = number.length > size ? number.subarray(number.length - size) : number;
    numbers.push(Buffer.alloc(size - bare.length), bare);
  }
  return Buffer.concat(numbers);
}

/** The forms in which services write a signature down. @type {Record<string, (signature: Buffer) => string | Buffer>} */
export const writings = {
  bytes: (signature) => signature,
  base64: (signature) => signature.toString("base64"),
  "base64 in lines, with an end of line": (signature) =>
    `${signature.toString("base64").replace(/.{1,76}/g, "$&\r\n")}`,
  base64url: (signature) => signature.toString("base64url"),
  hexadecimal: (signature) => `${signature.toString("hex")}\n`,
};
