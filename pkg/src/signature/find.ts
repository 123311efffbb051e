// Finds the signatures of an image in its registry: by the `.sig` tag, by OCI 1.1 referrers, and by the referrers
// fallback tag. A place that cannot be read is a problem, never an absence.
import { OcisignError } from "../error.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { checked, imageManifest, missing } from "../registry/content.ts";
import type { OpenRegistry } from "../registry/open.ts";
import { referrersTag, signatureTag } from "../registry/tags.ts";
import { hasDigest } from "../strict/digest.ts";
import { Fault } from "../strict/fault.ts";
import type { FoundManifest } from "./judge.ts";
import { digestsInIndex, referrerDigests } from "./proof/manifest.ts";
import type { SignaturePlace, VerificationProblem } from "./verification.ts";

/** What was found in a registry. */
export interface Findings {
  /** The image's own manifest, if it could be read. */
  readonly bytes: Uint8Array | undefined;
  readonly manifests: readonly FoundManifest[];
  /** Places that could not be read. */
  readonly problems: readonly VerificationProblem[];
}

/** Reads every place that can hold a signature. */
export async function findSignatures(place: OpenRegistry, image: ImageReference): Promise<Findings> {
  const search = new Search(place, image);
  const bytes = await search.readImage();
  await search.readTag();
  await search.readReferrers();
  await search.readFallbackTag();
  const { manifests, problems } = search;
  return { bytes, manifests, problems };
}

/** One search, which notes what it finds and what it cannot read. */
class Search {
  readonly manifests: FoundManifest[] = [];
  readonly problems: VerificationProblem[] = [];
  #place: OpenRegistry;
  #image: ImageReference;
  /** The referrers that were met. */
  #seen = new Set<Digest>();

  constructor(place: OpenRegistry, image: ImageReference) {
    this.#place = place;
    this.#image = image;
  }

  readImage(): Promise<Uint8Array | undefined> {
    return this.#read("image", async () => (await imageManifest(this.#place.client, this.#image)).bytes);
  }

  async readTag(): Promise<void> {
    const tag = signatureTag(this.#image.digest);
    if (!tag) return;
    await this.#read("tag", async () => {
      const manifest = await this.#manifest(tag);
      if (manifest) this.manifests.push({ from: "tag", bytes: manifest.bytes });
    });
  }

  async readReferrers(): Promise<void> {
    const { client, repository } = this.#place;
    await this.#read("referrers", async () => {
      const listed = await client.referrers(repository, this.#image.digest);
      if (listed) await this.#readEach("referrers", referrerDigests(listed.manifests));
    });
  }

  async readFallbackTag(): Promise<void> {
    const { digest } = this.#image;
    await this.#read("fallback-tag", async () => {
      const index = await this.#manifest(referrersTag(digest));
      // GitLab answers with the image itself, as if the tag were its digest: that is no index of referrers.
      if (!index || (await hasDigest(index.bytes, digest))) return;
      await this.#readEach("fallback-tag", digestsInIndex(index.bytes));
    });
  }

  /** Each for itself: one that cannot be read must not hide the others. */
  async #readEach(from: SignaturePlace, digests: readonly Digest[]): Promise<void> {
    for (const digest of digests) {
      if (this.#seen.has(digest)) continue;
      this.#seen.add(digest);
      await this.#read(from, async () => {
        const manifest = await this.#manifest(digest);
        if (!manifest) throw missing(`The referrer ${digest} is listed, but is not there.`);
        this.manifests.push({ from, bytes: await checked(manifest.bytes, digest) });
      });
    }
  }

  #manifest(reference: string) {
    const { client, repository } = this.#place;
    return client.manifest(repository, reference);
  }

  async #read<T>(from: "image" | SignaturePlace, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      this.problems.push({ from, ...problemOf(error) });
      return undefined;
    }
  }
}

/** What could not be found out. The caller's own abort, and wrong arguments, are no finding. */
function problemOf(error: unknown): VerificationProblem {
  if (error instanceof Fault) {
    const fix = "Do not trust this signature; find out who made it, and sign again.";
    return { code: "bad-signature", message: error.message, fix };
  }
  const isFinding =
    error instanceof OcisignError && !["aborted", "bad-input", "bad-url"].includes(error.code);
  if (!isFinding) throw error;
  const { code, message, fix } = error;
  return { code, message, fix };
}
