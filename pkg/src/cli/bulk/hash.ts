// The hash of an image: it says in which part of a list the image is, and whether it was there already.
import { createHash, hash as hashOnce } from "node:crypto";
import type { Key } from "../../bulk/places.ts";

/** A text's SHA-256. */
export type Hash = Buffer;

export function hashOf(text: string): Hash {
  // Newer versions of Node have a quicker way.
  if (typeof hashOnce === "function") return hashOnce("sha256", text, "buffer");
  return createHash("sha256").update(text).digest();
}

/** By which `Places` knows it. */
export function keyOf(hash: Hash): Key {
  return Uint32Array.of(
    hash.readUInt32LE(0),
    hash.readUInt32LE(4),
    hash.readUInt32LE(8),
    hash.readUInt32LE(12),
  );
}
