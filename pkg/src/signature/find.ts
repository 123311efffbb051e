// Finds the signatures of an image in its registry: by the `.sig` tag, by OCI 1.1 referrers, and by the referrers
// fallback tag. A place that cannot be read is a problem, never an absence.
import { OcisignError } from "../error.ts";
import type { ImageReference } from "../image/reference.ts";
import { checked, imageManifest, missing } from "../registry/content.ts";
import { ociIndex } from "../registry/media-types.ts";
import type { OpenRegistry } from "../registry/open.ts";
import { attestationTag, referrersTag, signatureTag } from "../registry/tags.ts";
import { checkDigest, hasDigest } from "../strict/digest.ts";
import { Fault, quoted, refuse } from "../strict/fault.ts";
import type { FoundManifest } from "./judge.ts";
import { type Referrer, referrersInIndex, referrersOf } from "./proof/manifest.ts";
import type { SignaturePlace, VerificationProblem } from "./verification.ts";

/** What the image itself is, as far as it could be read. */
export interface ImageInRegistry {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** What is done with the image's own manifest, and with each that may name signatures. They are not kept. */
export interface Finder {
  /** What the index that names the image says it is; the registry must not say otherwise. */
  readonly expectedType?: string | undefined;
  image(image: ImageInRegistry): void;
  signatures(found: FoundManifest): Promise<void>;
  /** A manifest that holds attestations only. */
  attestations(bytes: Uint8Array): void;
  /** Is it verified already? Then nothing more is read that is only perhaps a signature. */
  isVerified(): boolean;
  /** Was nothing found that is a signature? */
  isUnsigned(): boolean;
}

/** Reads every place that can hold a signature; gives the places that could not be read. */
export async function findSignatures(
  place: OpenRegistry,
  image: ImageReference,
  finder: Finder,
): Promise<readonly VerificationProblem[]> {
  const search = new Search(place, image, finder);
  await search.readImage();
  await search.readTag();
  await search.readReferrers();
  await search.readFallbackTag();
  await search.readOthers();
  await search.checkPlace();
  await search.readAttestations();
  return search.problems;
}

/** One search, which hands on what it finds and notes what it cannot read. */
class Search {
  readonly problems: VerificationProblem[] = [];
  #place: OpenRegistry;
  #image: ImageReference;
  #finder: Finder;
  /** The referrers that were met. */
  #seen = new Set<string>();
  /** Those of them that are called something else than signatures, and were not read yet. */
  #others: { readonly from: SignaturePlace; readonly referrer: Referrer }[] = [];

  constructor(place: OpenRegistry, image: ImageReference, finder: Finder) {
    this.#place = place;
    this.#image = image;
    this.#finder = finder;
  }

  async readImage(): Promise<void> {
    await this.#read("image", async () => {
      const image = await imageManifest(this.#place.image, this.#image);
      const { expectedType = image.mediaType, image: found } = this.#finder;
      if (expectedType.toLowerCase() !== image.mediaType) {
        refuse(
          `The index calls the image ${quoted(expectedType)}, and the registry ${quoted(image.mediaType)}.`,
        );
      }
      found(image);
    });
  }

  async readTag(): Promise<void> {
    const tag = signatureTag(this.#image.digest);
    if (!tag) return;
    await this.#read("tag", async () => {
      const manifest = await this.#manifest(tag);
      if (manifest) await this.#finder.signatures({ from: "tag", ...manifest });
    });
  }

  async readReferrers(): Promise<void> {
    await this.#read("referrers", async () => {
      await this.#readEach("referrers", await this.#listed());
    });
  }

  async readFallbackTag(): Promise<void> {
    await this.#read("fallback-tag", async () => {
      await this.#readEach("fallback-tag", await this.#listedByTag());
    });
  }

  /**
   * What an index calls something else is read last, and all the same: a registry may call a signature by the type of
   * its config, or by nothing that is true. What fits its digest is what it is.
   */
  async readOthers(): Promise<void> {
    for (const { from, referrer } of this.#others) {
      if (this.#finder.isVerified()) return;
      // Said once, as below.
      if (this.#isSpent(from)) return;
      await this.#readReferrer(from, referrer);
    }
  }

  /**
   * In another repository than the image's, that nothing is there says nothing as long as the repository has not shown
   * itself: it may not exist, and most registries answer just so.
   */
  async checkPlace(): Promise<void> {
    if (this.problems.length > 0 || this.#finder.isVerified()) return;
    const { client, repository, image } = this.#place;
    if (client === image && repository === this.#image.repository) return;
    await this.#read(undefined, () => client.checkRepository(repository));
  }

  /**
   * Of an image without signatures, the attestations that cosign 2 kept under a tag of their own: people take one for the
   * other. They change nothing, so that they may be unreadable.
   */
  async readAttestations(): Promise<void> {
    const tag = attestationTag(this.#image.digest);
    if (!tag || this.problems.length > 0 || !this.#finder.isUnsigned()) return;
    try {
      const manifest = await this.#manifest(tag);
      if (manifest) this.#finder.attestations(manifest.bytes);
    } catch (error) {
      // Throws what is no finding, such as the caller's abort.
      problemOf(error);
    }
  }

  /** Only digests and what they are called, so that the list itself is not kept while they are read. */
  async #listed(): Promise<readonly Referrer[]> {
    const { client, repository } = this.#place;
    const listed = await client.referrers(repository, this.#image.digest);
    return listed ? referrersOf(listed.manifests) : [];
  }

  async #listedByTag(): Promise<readonly Referrer[]> {
    const { digest } = this.#image;
    const index = await this.#manifest(referrersTag(digest));
    // GitLab answers with the image itself, as if the tag were its digest: that is no index of referrers.
    if (!index || (await hasDigest(index.bytes, digest))) return [];
    const { bytes, mediaType } = index;
    return mediaType === ociIndex
      ? referrersInIndex(bytes)
      : refuse(`The index of referrers is of type ${quoted(mediaType)}.`);
  }

  /** Each for itself: one that cannot be read must not hide the others. */
  async #readEach(from: SignaturePlace, referrers: readonly Referrer[]): Promise<void> {
    for (const referrer of referrers) {
      if (this.#seen.has(referrer.digest)) continue;
      // Said once, not of each of a thousand.
      this.#place.client.checkBudget();
      this.#seen.add(referrer.digest);
      if (referrer.isCalledOther) this.#others.push({ from, referrer });
      else await this.#readReferrer(from, referrer);
    }
  }

  async #readReferrer(from: SignaturePlace, { digest: text, isCalledOther }: Referrer): Promise<void> {
    await this.#read(from, async () => {
      const digest = checkDigest(text);
      const { client, repository } = this.#place;
      const manifest = await client.manifest(repository, digest, { anyType: true });
      if (!manifest) throw missing(`The referrer ${digest} is listed, but is not there.`);
      const bytes = await checked(manifest.bytes, digest);
      await this.#finder.signatures({ from, ...manifest, bytes, isCalledOther });
    });
  }

  #manifest(reference: string) {
    const { client, repository } = this.#place;
    return client.manifest(repository, reference);
  }

  /** Has all of it cost what it may? Then that is a problem. */
  #isSpent(from: SignaturePlace): boolean {
    try {
      this.#place.client.checkBudget();
      return false;
    } catch (error) {
      this.problems.push({ from, ...problemOf(error) });
      return true;
    }
  }

  async #read(from: "image" | SignaturePlace | undefined, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.problems.push({ ...(from && { from }), ...problemOf(error) });
    }
  }
}

/** What could not be found out. The caller's own abort, and wrong arguments, are no finding. */
function problemOf(error: unknown): VerificationProblem {
  if (error instanceof Fault) {
    return { code: "bad-reply", message: error.message, fix: "Look at what was pushed there." };
  }
  const isFinding =
    error instanceof OcisignError && !["aborted", "bad-input", "bad-url"].includes(error.code);
  if (!isFinding) throw error;
  const { code, message, fix } = error;
  return { code, message, fix };
}
