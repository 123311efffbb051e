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
export async function hasDigest(bytes: Uint8Array<ArrayBuffer>, digest: Digest): Promise<boolean> {
  const [name = "", hex] = digest.split(":");
  return hex === (await hashOf(bytes, platformNames.get(name) ?? name));
}

/** The SHA-256 digest of some bytes. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<Digest> {
  return `sha256:${await hashOf(bytes, "SHA-256")}`;
}

/** The same, in hexadecimal digits, where the platform hashes at once. */
export function hashNow(bytes: Uint8Array): string | undefined {
  return hasher?.("SHA-256", bytes);
}

/** Hashes at once, and gives hexadecimal digits; undefined where it cannot. @param algorithm such as `SHA-256` */
export type Hasher = (algorithm: string, bytes: Uint8Array) => string | undefined;

let hasher: Hasher | undefined;

/** Called once by the loader of a platform that has one: WebCrypto takes longer to begin than to hash a signature. */
export function hashWith(own: Hasher): void {
  hasher = own;
}

/** Whoever waits for a hash at once does nothing else meanwhile, so that what takes long is left to WebCrypto. */
const mostAtOnce = 65_536;

/** In hexadecimal digits. @param algorithm such as `SHA-256` */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>, algorithm: string): Promise<string> {
  const known = bytes.length <= mostAtOnce ? hasher?.(algorithm, bytes) : undefined;
  if (known !== undefined) return known;
  const hash = new Uint8Array(await subtleCrypto().digest(algorithm, bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
