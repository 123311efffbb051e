// Takes a blob from one place to another, piece by piece. Its digest is known when its last piece has passed: only then is
// the registry told that it is whole.
import { OcisignError } from "../error.ts";
import type { RegistryClient, Upload } from "../registry/client.ts";
import { checked } from "../registry/content.ts";
import type { ContentSource } from "../registry/source.ts";
import type { Descriptor } from "../strict/descriptor.ts";
import { refuse } from "../strict/fault.ts";
import { hasHash, hashFor } from "../strict/hashing.ts";

/** What is kept of a blob at a time, in bytes. */
const chunkBytes = 8 * 1024 * 1024;

/** What a registry gets in one that takes no chunks, in bytes: it has to be kept whole. */
const mostWhole = 512 * 1024 * 1024;

/** A blob is begun anew after an outage in passing. */
const tries = 3;
const passing: readonly string[] = ["network", "timeout", "server-error"];

/** How a blob came to be there. */
export type Moved = "there" | "mounted" | "sent";

/** Where it comes from, and where it goes. */
export interface Route {
  readonly from: ContentSource;
  readonly fromRepository: string;
  readonly to: RegistryClient;
  readonly repository: string;
  /** Both are repositories of the same registry. */
  readonly mayMount: boolean;
  readonly signal: AbortSignal | undefined;
}

export async function moveBlob(route: Route, blob: Descriptor): Promise<Moved> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await moveOnce(route, blob);
    } catch (error) {
      const mayRepeat = error instanceof OcisignError && passing.includes(error.code) && attempt < tries;
      if (!mayRepeat || route.signal?.aborted) throw error;
    }
  }
}

async function moveOnce(route: Route, blob: Descriptor): Promise<Moved> {
  const { from, fromRepository, to, repository, mayMount } = route;
  const { digest, size } = blob;
  if (await to.hasBlob(repository, digest)) return "there";
  const upload = await to.beginUpload(repository, digest, mayMount ? fromRepository : undefined);
  if (!upload) return "mounted";
  const takesChunks = upload.leastChunk <= mostWhole;
  if (size <= Math.max(chunkBytes, takesChunks ? upload.leastChunk : 0)) {
    await upload.finish(await wholeBlob(from, fromRepository, blob));
    return "sent";
  }
  // What a registry asks for in one is kept whole, so that it may not ask for any length.
  if (takesChunks && (await sendChunks(upload, from, fromRepository, blob))) return "sent";
  if (size > mostWhole) {
    refuse(`The registry takes no blobs in chunks, and ${digest} has ${size} bytes: too many to be kept.`);
  }
  const again = await to.beginUpload(repository, digest);
  await again?.finish(await wholeBlob(from, fromRepository, blob));
  return "sent";
}

async function wholeBlob(from: ContentSource, repository: string, { digest, size }: Descriptor) {
  const bytes = await checked(await from.blob(repository, digest, { maxBytes: size }), digest);
  if (bytes.length !== size)
    refuse(`The blob ${digest} has ${bytes.length} bytes, its manifest says ${size}.`);
  return bytes;
}

/** @returns false when the registry takes no chunks */
async function sendChunks(
  upload: Upload,
  from: ContentSource,
  repository: string,
  { digest, size }: Descriptor,
): Promise<boolean> {
  const hash = hashFor(digest);
  const most = Math.max(chunkBytes, upload.leastChunk);
  let kept: Uint8Array<ArrayBuffer>[] = [];
  let keptBytes = 0;
  let length = 0;
  for await (const piece of from.blobPieces(repository, digest, { maxBytes: size })) {
    hash.update(piece);
    length += piece.length;
    kept.push(piece);
    keptBytes += piece.length;
    if (keptBytes < most || length === size) continue;
    if (!(await upload.send(joined(kept, keptBytes)))) return false;
    [kept, keptBytes] = [[], 0];
  }
  if (length !== size) refuse(`The blob ${digest} has ${length} bytes, its manifest says ${size}.`);
  // What was sent so far is of no use to anybody: the registry forgets what is never finished.
  if (!hasHash(hash, digest)) refuse(`The ${from.called} sent something else than the blob ${digest}.`);
  await upload.finish(joined(kept, keptBytes));
  return true;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
