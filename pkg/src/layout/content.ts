// Is all of an image in the layout, and is it what the manifests say? A registry's clients compare what they pull with
// its digests; whoever carries a layout somewhere has nobody else who does.
import { OcisignError } from "../error.ts";
import { blobsIn, type LayerDescriptor, manifestsIn } from "../image/manifest.ts";
import type { ImageReference } from "../image/reference.ts";
import { checked, damaged, imageManifest } from "../registry/content.ts";
import { indexTypes } from "../registry/media-types.ts";
import type { ContentSource } from "../registry/source.ts";
import type { VerificationProblem } from "../signature/verification.ts";
import type { Descriptor } from "../strict/descriptor.ts";
import { Fault } from "../strict/fault.ts";
import { hasHash, hashFor } from "../strict/hashing.ts";

/** The most problems that are told. */
const mostProblems = 20;
/** No honest index names more, in all indexes below it together. */
const mostManifests = 10_000;

/**
 * What is wrong with the content of an image: each config and layer is read once, as it comes. Of an index, the images
 * that the layout holds: tools save one platform together with an index of many.
 */
export async function problemsInContent(
  source: ContentSource,
  image: ImageReference,
): Promise<readonly VerificationProblem[]> {
  const check = new ContentCheck(source, image);
  await check.image();
  return check.problems;
}

class ContentCheck {
  readonly problems: VerificationProblem[] = [];
  readonly #source: ContentSource;
  readonly #image: ImageReference;
  readonly #seen = new Set<string>();

  constructor(source: ContentSource, image: ImageReference) {
    this.#source = source;
    this.#image = image;
  }

  async image(): Promise<void> {
    await this.#noted(async () => {
      this.#seen.add(this.#image.digest);
      const { bytes, mediaType } = await imageManifest(this.#source, this.#image);
      await this.#manifest(bytes, mediaType);
    });
  }

  async #manifest(bytes: Uint8Array, mediaType: string): Promise<void> {
    if (indexTypes.includes(mediaType)) {
      for (const child of manifestsIn(bytes, mediaType)) await this.#noted(() => this.#child(child));
      return;
    }
    for (const blob of blobsIn(bytes, mediaType)) await this.#noted(() => this.#held(blob));
  }

  async #child({ digest, mediaType }: Descriptor): Promise<void> {
    if (this.#seen.has(digest)) return;
    this.#seen.add(digest);
    if (this.#seen.size > mostManifests)
      throw new Fault(`The index names more than ${mostManifests} manifests.`);
    const { repository } = this.#image;
    const found = await this.#source.manifest(repository, digest, { anyType: true });
    if (!found) return;
    const bytes = await checked(found.bytes, digest, this.#source);
    await this.#manifest(bytes, mediaType.toLowerCase());
  }

  /** What lies elsewhere need not be there. If it is, it has to be what its digest says. */
  async #held(blob: LayerDescriptor): Promise<void> {
    try {
      await this.#blob(blob);
    } catch (error) {
      const isElsewhere = blob.isForeign && error instanceof OcisignError && error.code === "not-found";
      if (!isElsewhere) throw error;
    }
  }

  async #blob({ digest, size }: Descriptor): Promise<void> {
    if (this.#seen.has(digest)) return;
    this.#seen.add(digest);
    const hash = hashFor(digest);
    let length = 0;
    for await (const piece of this.#source.blobPieces(this.#image.repository, digest, { maxBytes: size })) {
      hash.update(piece);
      length += piece.length;
    }
    if (length !== size || !hasHash(hash, digest)) throw damaged(this.#source.called, digest);
  }

  /** One blob that is wrong must not hide the others. */
  async #noted(work: () => Promise<void>): Promise<void> {
    if (this.problems.length >= mostProblems) return;
    try {
      await work();
    } catch (error) {
      if (error instanceof Fault) {
        const fix = `Look at what is in the ${this.#source.called}.`;
        this.problems.push({ from: "image", code: "bad-reply", message: error.message, fix });
      } else if (error instanceof OcisignError && error.code !== "aborted") {
        const { code, message, fix } = error;
        // That no time is left is said once, not of each blob.
        if (this.problems.some((known) => known.code === "timeout" && code === "timeout")) return;
        this.problems.push({ from: "image", code, message, fix });
      } else throw error;
    }
  }
}
