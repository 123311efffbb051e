// Sends the parts of an image: of each, its blobs, and then the manifest that names them. Whatever ends it leaves nothing
// behind that names what is not there.
import { RegistryClient } from "../registry/client.ts";
import type { OpenRegistry } from "../registry/open.ts";
import { keepListed } from "../signature/attach/referrer.ts";
import { keepLayers, signatureLayersIn } from "../signature/attach/simple-signing.ts";
import { inOrder } from "../signature/in-order.ts";
import type { Descriptor } from "../strict/descriptor.ts";
import { type Moved, moveBlob } from "./blobs.ts";
import type { CopiedImage, CopiedManifest, CopyProgress } from "./copied.ts";
import type { Part } from "./parts.ts";
import { type Tagged, underTag } from "./tag.ts";

/** So many blobs are on their way at the same time; of each, one chunk is kept. */
const blobsAtOnce = 3;

interface Sending {
  /** Where the image goes, and what belongs to it. */
  readonly target: OpenRegistry;
  readonly isDry: boolean;
  readonly signal: AbortSignal | undefined;
  readonly told: ((progress: CopyProgress) => void) | undefined;
}

/** What came of a part. */
type Outcome = Pick<CopiedManifest, "state" | "reason">;

export class Sender {
  readonly #sending: Sending;
  /** How each blob came to be there. */
  readonly #moved = new Map<string, Moved>();
  readonly #counts: Record<Moved, { count: number; bytes: number }> = {
    sent: { count: 0, bytes: 0 },
    there: { count: 0, bytes: 0 },
    mounted: { count: 0, bytes: 0 },
  };
  #progress = { done: 0, total: 0, doneBytes: 0, totalBytes: 0 };

  constructor(sending: Sending) {
    this.#sending = sending;
  }

  /** What came of the blobs so far. */
  get blobs(): CopiedImage["blobs"] {
    return this.#counts;
  }

  /** @param parts what is named before what names it */
  async send(parts: readonly Part[]): Promise<CopiedManifest[]> {
    const blobs = new Map(parts.flatMap(({ blobs }) => blobs).map((blob) => [blob.digest, blob.size]));
    this.#progress.total = parts.length + blobs.size;
    this.#progress.totalBytes = [...blobs.values()].reduce((sum, size) => sum + size, 0);
    const manifests: CopiedManifest[] = [];
    for (const part of parts) {
      manifests.push(copiedAs(part, await this.#sendPart(part)));
      this.#tell(1, 0);
    }
    return manifests;
  }

  #sendPart(part: Part): Promise<Outcome> {
    if (part.tag !== undefined) return this.#sendTagged(part, part.tag);
    return this.#sendByDigest(part);
  }

  async #sendByDigest(part: Part): Promise<Outcome> {
    const { target, isDry } = this.#sending;
    const { client, repository } = target;
    const { digest, bytes, mediaType, subject, listed } = part;
    const isThere = await client.hasManifest(repository, digest);
    if (isThere) this.#knowBlobs(part);
    else await this.#sendBlobs(part);
    if (isDry) return { state: isThere ? "there" : "sent" };
    if (subject === undefined || !listed) {
      if (!isThere) await client.pushManifest(repository, digest, bytes, mediaType);
      return { state: isThere ? "there" : "sent" };
    }
    const isListed = !isThere && (await client.pushReferrer(repository, bytes, mediaType, subject));
    if (!isListed) {
      const descriptor = { ...listed, mediaType, digest, size: bytes.length };
      await keepListed(target, subject, descriptor);
    }
    return { state: isThere ? "there" : "sent" };
  }

  async #sendTagged(part: Part, tag: string): Promise<Outcome> {
    const { target, isDry } = this.#sending;
    const { client, repository } = target;
    const there = await underTag(client, repository, tag, isDry);
    if (there?.digest === part.digest) {
      this.#knowBlobs(part);
      return { state: "there" };
    }
    if (there) return this.#sendBeside(part, tag, there);
    await this.#sendBlobs(part);
    if (isDry) return { state: "sent" };
    await client.pushManifest(repository, tag, part.bytes, part.mediaType);
    // Another writer may have looked before this one wrote, and written after it. What is not shown yet comes later.
    const now = await underTag(client, repository, tag, true);
    return now && now.digest !== part.digest ? this.#sendBeside(part, tag, now) : { state: "sent" };
  }

  /** Something else is there. Signatures are added to signatures; all else stays as it is. */
  async #sendBeside(part: Part, tag: string, there: Tagged): Promise<Outcome> {
    const own = signatureLayersIn(part.bytes, part.mediaType);
    const others = signatureLayersIn(there.bytes, there.mediaType);
    if (part.role !== "signatures" || !own || !others) {
      return {
        state: "conflict",
        reason: `The tag ${tag} names ${there.digest} there, which was not overwritten.`,
      };
    }
    const digests = new Set<string>(own.layers.map(({ digest }) => digest));
    // The config of what comes of both is another one.
    const needed = part.blobs.filter(({ digest }) => digests.has(digest));
    await this.#sendBlobs({ ...part, blobs: needed });
    const { target, isDry } = this.#sending;
    const added = isDry ? own.layers.length : await keepLayers(target, tag, own.layers);
    if (added === 0) return { state: "there" };
    const most = isDry ? "up to " : "";
    return { state: "merged", reason: `${most}${added} added to the ${others.count} that are there` };
  }

  async #sendBlobs({ blobs, from, repository: fromRepository }: Part): Promise<void> {
    const { target, isDry, signal } = this.#sending;
    const { client: to, repository } = target;
    const isSame = from instanceof RegistryClient && from.origin === to.origin;
    const mayMount = isSame && fromRepository !== repository;
    const route = { from, fromRepository, to, repository, mayMount, signal };
    const unmet = blobs.filter(({ digest }) => !this.#moved.has(digest));
    const move = async (blob: Descriptor) => {
      if (!isDry) return moveBlob(route, blob);
      return (await to.hasBlob(repository, blob.digest)) ? "there" : mayMount ? "mounted" : "sent";
    };
    const take = (moved: Moved, blob: Descriptor) => this.#know(blob, moved);
    await inOrder(unmet, move, take, blobsAtOnce);
  }

  /** A manifest that is there has its blobs there: a registry takes none without them. */
  #knowBlobs({ blobs }: Part): void {
    for (const blob of blobs) if (!this.#moved.has(blob.digest)) this.#know(blob, "there");
  }

  #know({ digest, size }: Descriptor, moved: Moved): true {
    this.#moved.set(digest, moved);
    this.#counts[moved].count += 1;
    this.#counts[moved].bytes += size;
    this.#tell(1, size);
    return true;
  }

  #tell(done: number, bytes: number): void {
    this.#progress.done += done;
    this.#progress.doneBytes += bytes;
    this.#sending.told?.({ ...this.#progress });
  }
}

function copiedAs({ digest, mediaType, role, tag, subject }: Part, outcome: Outcome): CopiedManifest {
  return {
    ...{ digest, mediaType, role },
    ...(tag !== undefined && { tag }),
    ...(subject !== undefined && { subject }),
    ...outcome,
  };
}
