// Digests, `algorithm:hex` in lower case, and whether they fit.
import { quoted, refuse } from "./fault.js";

/** By our name: the platform's, and how many digits there are (OCI image specification, "Digests"). @type {Record<string, [string, number]>} */
const algorithms = { sha256: ["SHA-256", 64], sha384: ["SHA-384", 96], sha512: ["SHA-512", 128] };

/** @param {string} digest @returns {string} the digest, if it is one that can be checked */
export function checkDigest(digest) {
  const [name, hex, more] = digest.split(":");
  const length = Object.hasOwn(algorithms, name) ? algorithms[name][1] : undefined;
  if (more === undefined && hex?.length === length && /^[0-9a-f]+$/.test(hex)) return digest;
  return refuse(`${quoted(digest)} is not a digest.`);
}

/** Is this what the digest names? @param {Uint8Array<ArrayBuffer>} bytes @param {string} digest */
export async function hasDigest(bytes, digest) {
  const [name, hex] = checkDigest(digest).split(":");
  const found = new Uint8Array(await crypto.subtle.digest(algorithms[name][0], bytes));
  return hex === [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
