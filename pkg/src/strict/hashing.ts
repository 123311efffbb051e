// Hashes of what comes piece by piece, which WebCrypto cannot do.
// @noble/hashes: kept, audited, MIT, without dependencies; a few kilobytes of it are bundled.
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import type { Digest } from "../image/reference.ts";

/** A hash under way. */
export interface Hashing {
  update(bytes: Uint8Array): unknown;
  /** Once, at the end. */
  digest(): Uint8Array;
}

/** As digests name them. */
type HashName = "sha256" | "sha384" | "sha512";

const own = { sha256, sha384, sha512 };
let native: ((name: HashName) => Hashing | undefined) | undefined;

/** Called once by the loader of a platform that can do it itself. */
export function streamHashWith(maker: typeof native): void {
  native = maker;
}

export function newHash(name: HashName): Hashing {
  return native?.(name) ?? own[name].create();
}

/** The hash that a digest is of. */
export function hashFor(digest: Digest): Hashing {
  // A digest's algorithm is one of these by its type.
  return newHash(digest.slice(0, digest.indexOf(":")) as HashName);
}

/** Is what was hashed what the digest names? It ends the hash. */
export function hasHash(hash: Hashing, digest: Digest): boolean {
  const hex = Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digest.slice(digest.indexOf(":") + 1) === hex;
}
