// Digests, `algorithm:hex` in lower case, and whether they fit. What a digest is, the module knows (src/digest.rs).
import { isDigest } from "../core.ts";
import type { Digest } from "../image/reference.ts";
import { subtleCrypto } from "./cryptography.ts";
import { quoted, refuse } from "./fault.ts";

/** The platform's names of the algorithms (OCI image specification, "Digests"). */
const platformNames = new Map([
  ["sha256", "SHA-256"],
  ["sha384", "SHA-384"],
  ["sha512", "SHA-512"],
]);

/** The digest, if it is one that can be checked. */
export function checkDigest(text: string): Digest {
  return isDigest(text) ? (text as Digest) : refuse(`${quoted(text)} is not a digest.`);
}

/** Is this what the digest names? */
export async function hasDigest(bytes: Uint8Array<ArrayBuffer>, digest: string): Promise<boolean> {
  const [name = "", hex] = checkDigest(digest).split(":");
  return hex === (await hashOf(bytes, platformNames.get(name) ?? name));
}

/** The SHA-256 digest of some bytes. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<Digest> {
  return `sha256:${await hashOf(bytes, "SHA-256")}`;
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>, algorithm: string): Promise<string> {
  const hash = new Uint8Array(await subtleCrypto().digest(algorithm, bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
