// Hashes of what comes piece by piece, which WebCrypto cannot do.
// @noble/hashes: kept, audited, MIT, without dependencies; a few kilobytes of it are bundled.
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

/** A hash under way. */
export interface Hashing {
  update(bytes: Uint8Array): unknown;
  /** Once, at the end. */
  digest(): Uint8Array;
}

/** As digests name them. */
export type HashName = "sha256" | "sha384" | "sha512";

const own = { sha256, sha384, sha512 };
let native: ((name: HashName) => Hashing | undefined) | undefined;

/** Called once by the loader of a platform that can do it itself. */
export function streamHashWith(maker: typeof native): void {
  native = maker;
}

export function newHash(name: HashName): Hashing {
  return native?.(name) ?? own[name].create();
}

/** In hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
