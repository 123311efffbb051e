// Reads a blob of megabytes: into one place, and hashed as it comes, so that there is only one of it in memory.
import type { Digest } from "../../image/reference.ts";
import type { RegistryClient } from "../../registry/client.ts";
import { refuse } from "../../strict/fault.ts";
import { hasHash, hashFor } from "../../strict/hashing.ts";

/** The bytes of a blob, if they are what the digest names, and as many as the manifest says. */
export async function readBlob(
  client: RegistryClient,
  repository: string,
  digest: Digest,
  size: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  const hash = hashFor(digest);
  let filled = 0;
  for await (const piece of client.blobPieces(repository, digest, { maxBytes: size })) {
    hash.update(piece);
    bytes.set(piece, filled);
    filled += piece.length;
  }
  if (!hasHash(hash, digest)) refuse(`The registry sent something else than ${digest}, or not all of it.`);
  if (filled !== size) refuse(`The blob ${digest} has ${filled} bytes, and the manifest says ${size}.`);
  return bytes;
}
