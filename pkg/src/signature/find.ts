// Finds the signatures of an image in its registry: by the `.sig` tag, by OCI 1.1 referrers, and by the referrers
// fallback tag. A place that cannot be read is a problem, never an absence.
import { OcisignError } from "../error.ts";
import type { ImageReference } from "../image/reference.ts";
import { calledManifest, checked, missing } from "../registry/content.ts";
import { ociIndex } from "../registry/media-types.ts";
import type { ContentSource, OpenSource } from "../registry/source.ts";
import { attestationTag, referrersTag, signatureTag } from "../registry/tags.ts";
import { type After, Witness } from "../registry/witness.ts";
import { checkDigest, hasDigest } from "../strict/digest.ts";
import { Fault, quoted, refuse } from "../strict/fault.ts";
import { allOf, inOrder } from "./in-order.ts";
import type { FoundManifest } from "./judge.ts";
import { type Referrer, referrersInIndex, referrersOf } from "./proof/manifest.ts";
import type { AttestationPlace, SignaturePlace, VerificationProblem } from "./verification.ts";

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
  /** Whether the registry has a list of referrers itself. */
  referrers?(areListed: boolean): void;
  signatures(found: FoundManifest): Promise<void>;
  /** A manifest that holds attestations only. */
  attestations(bytes: Uint8Array): void;
  /** Is it verified already? Then nothing more is read that is only perhaps a signature. */
  isVerified(): boolean;
  /** Was nothing found that is a signature? */
  isUnsigned(): boolean;
  /** Are all attestations asked for? */
  readonly wantsAttestations: boolean;
}

/** Reads every place that can hold a signature; gives the places that could not be read. */
export async function findSignatures(
  place: OpenSource,
  image: ImageReference,
  finder: Finder,
): Promise<readonly VerificationProblem[]> {
  const search = new Search(place, image, finder);
  await search.readPlaces();
  await search.readOthers();
  await search.checkPlace();
  await search.readAttestations();
  return search.problems;
}

/** Where something is read. */
type Place = "image" | AttestationPlace;

/** The problems that come of something that was handed on. */
type Outcome = Promise<readonly VerificationProblem[]>;

/** A manifest that an index lists, and where the index was found. */
interface Named {
  readonly from: SignaturePlace;
  readonly referrer: Referrer;
}

/** One search, which hands on what it finds and notes what it cannot read. */
class Search {
  readonly problems: VerificationProblem[] = [];
  #place: OpenSource;
  #image: ImageReference;
  #finder: Finder;
  /** The referrers that were met. */
  #seen = new Set<string>();
  /** Those of them that are called something else than signatures, and were not read yet. */
  #others: Named[] = [];
  #outcomes = new Set<Outcome>();
  /** What was seen of the repository, by where it was seen. */
  #witnesses = new Map<Place, Witness>();

  constructor(place: OpenSource, image: ImageReference, finder: Finder) {
    this.#place = place;
    this.#image = image;
    this.#finder = finder;
  }

  /**
   * Asks for the image and for each place at once. Nothing that comes of it depends on what answers first: signatures are
   * handed on in one order, and problems are told in it. A registry's "no" may mean one thing after it has shown the
   * image, and another one before: it is judged after what stands before it here.
   */
  async readPlaces(): Promise<void> {
    const image = this.#readImage();
    const tag = this.#readTag([image]);
    const listed = this.#listed([image, tag]);
    const referrers = this.#readEach("referrers", listed, tag);
    const listedByTag = this.#listedByTag([image, tag, referrers], listed);
    // A list that is empty, or that cannot be read, waits for nothing.
    const fallback = this.#readEach("fallback-tag", listedByTag, Promise.allSettled([tag, referrers]));
    try {
      const outcomes = (await allOf([image, tag, referrers, fallback])).flat();
      this.problems.push(...(await allOf(outcomes)).flat());
    } finally {
      await Promise.allSettled(this.#outcomes);
    }
  }

  #readImage(): Promise<Outcome[]> {
    return this.#noted("image", async () => {
      const { expectedType, image: found } = this.#finder;
      found(await calledManifest(this.#place.image, this.#image, expectedType, this.#witness("image")));
      return [];
    });
  }

  #readTag(before: readonly Promise<unknown>[]): Promise<Outcome[]> {
    const tag = signatureTag(this.#image.digest);
    return this.#noted("tag", async () => {
      const manifest = tag && (await this.#manifest(tag, "tag", this.#after(before, "image")));
      return manifest ? [this.#handOn({ from: "tag", ...manifest })] : [];
    });
  }

  /** Those that the registry lists and that were not met before. */
  async #listed(before: readonly Promise<unknown>[]): Promise<readonly Named[]> {
    const { client, repository } = this.#place;
    const after = this.#after(before, "image", "tag");
    const listed = await client.referrers(repository, this.#image.digest, { after });
    this.#finder.referrers?.(listed !== undefined);
    return this.#unseen("referrers", listed ? referrersOf(listed.manifests) : []);
  }

  /** Those that stand under the fallback tag and that were not met before. @param first what is met before these */
  async #listedByTag(
    before: readonly Promise<unknown>[],
    first: Promise<unknown>,
  ): Promise<readonly Named[]> {
    const { digest } = this.#image;
    const after = this.#after(before, "image", "tag", "referrers");
    const index = await this.#manifest(referrersTag(digest), "fallback-tag", after);
    // GitLab answers with the image itself, as if the tag were its digest: that is no index of referrers.
    if (!index || (await hasDigest(index.bytes, digest))) return [];
    const { bytes, mediaType } = index;
    if (mediaType !== ociIndex) refuse(`The index of referrers is of type ${quoted(mediaType)}.`);
    const referrers = referrersInIndex(bytes);
    await Promise.allSettled([first]);
    return this.#unseen("fallback-tag", referrers);
  }

  /** Only digests and what they are called, so that the list itself is not kept while they are read. */
  #unseen(from: SignaturePlace, referrers: readonly Referrer[]): readonly Named[] {
    const named: Named[] = [];
    for (const referrer of referrers) {
      if (this.#seen.has(referrer.digest)) continue;
      this.#seen.add(referrer.digest);
      (referrer.isCalledOther ? this.#others : named).push({ from, referrer });
    }
    return named;
  }

  /** Hands on what a place lists. @param before is handed on before it */
  #readEach(
    from: SignaturePlace,
    listed: Promise<readonly Named[]>,
    before: Promise<unknown>,
  ): Promise<Outcome[]> {
    return this.#noted(from, async () => {
      const outcomes: Outcome[] = [];
      await this.#readManifests(await listed, async (outcome) => {
        await Promise.allSettled([before]);
        outcomes.push(outcome());
        return true;
      });
      return outcomes;
    });
  }

  /**
   * What an index calls something else is read last, and all the same: a registry may call a signature by the type of
   * its config, or by nothing that is true. What fits its digest is what it is.
   */
  async readOthers(): Promise<void> {
    const isEnough = () => this.#finder.isVerified() && !this.#finder.wantsAttestations;
    if (isEnough()) return;
    await this.#readManifests(this.#others, async (outcome) => {
      this.problems.push(...(await outcome()));
      return !isEnough();
    });
  }

  /**
   * In another repository than the image's, that nothing is there says nothing as long as the repository has not shown
   * itself: it may not exist, and most registries answer just so. Nor does it where a part of all may be missing.
   */
  async checkPlace(): Promise<void> {
    if (this.problems.length > 0 || this.#finder.isVerified()) return;
    const { client, repository, image } = this.#place;
    const checked = client.checkWhole?.(this.#image.digest, this.#finder.isUnsigned());
    this.problems.push(...(await problemsOf(undefined, Promise.resolve(checked))));
    if (client === image && repository === this.#image.repository) return;
    this.problems.push(...(await problemsOf(undefined, client.checkRepository(repository))));
  }

  /**
   * The attestations that cosign 2 keeps under a tag of their own. Where they are not asked for, only those of an image
   * without signatures are read, since people take one for the other; then they may be unreadable.
   */
  async readAttestations(): Promise<void> {
    const tag = attestationTag(this.#image.digest);
    const { wantsAttestations } = this.#finder;
    const isWanted = wantsAttestations || (this.problems.length === 0 && this.#finder.isUnsigned());
    if (!tag || !isWanted) return;
    const from = "attestation-tag";
    try {
      const after = this.#after([], "image", "tag", "referrers", "fallback-tag");
      const manifest = await this.#manifest(tag, from, after);
      if (manifest) this.#finder.attestations(manifest.bytes);
    } catch (error) {
      // Throws what is no finding, such as the caller's abort.
      const problem = problemOf(error);
      if (wantsAttestations) this.problems.push({ from, ...problem });
    }
  }

  /**
   * Reads each for itself, a few at a time: one that cannot be read must not hide the others. That no more may be spent
   * is said once, not of each of a thousand.
   *
   * @param take makes the outcome of each when its turn has come; it returns false when the others are not wanted
   */
  async #readManifests(
    named: readonly Named[],
    take: (outcome: () => Outcome) => Promise<boolean>,
  ): Promise<void> {
    const { client } = this.#place;
    let isSaid = false;
    const read = async ({ from, referrer }: Named) =>
      isSpent(client) ? undefined : await this.#readReferrer(from, referrer);
    await inOrder(named, read, async (found, { from }) => {
      const isProblem = found !== undefined && "code" in found;
      if (found === undefined || (isProblem && isSaid)) {
        await take(() =>
          problemsOf(
            from,
            Promise.resolve().then(() => client.checkBudget()),
          ),
        );
        return false;
      }
      if (!isProblem) return take(() => this.#handOn(found));
      isSaid = isSpent(client);
      return take(async () => [found]);
    });
  }

  async #readReferrer(
    from: SignaturePlace,
    { digest: text, isCalledOther }: Referrer,
  ): Promise<FoundManifest | VerificationProblem> {
    try {
      const digest = checkDigest(text);
      const { client, repository } = this.#place;
      const witness = this.#witness(from);
      const manifest = await client.manifest(repository, digest, { anyType: true, witness });
      if (!manifest) throw missing(`The referrer ${digest} is listed, but is not there.`);
      const bytes = await checked(manifest.bytes, digest, client);
      return { from, ...manifest, bytes, isCalledOther };
    } catch (error) {
      return { from, ...problemOf(error) };
    }
  }

  /** Hands on a manifest, at once. */
  #handOn(found: FoundManifest): Outcome {
    const outcome = problemsOf(found.from, this.#finder.signatures(found));
    // It is waited for later, whatever else fails meanwhile.
    outcome.catch(() => {});
    this.#outcomes.add(outcome);
    return outcome;
  }

  #manifest(reference: string, from: AttestationPlace, after: After) {
    const { client, repository } = this.#place;
    return client.manifest(repository, reference, { after, witness: this.#witness(from) });
  }

  #witness(place: Place): Witness {
    const witness = this.#witnesses.get(place) ?? new Witness();
    this.#witnesses.set(place, witness);
    return witness;
  }

  /** What a reply is judged after: what was read there, and what that showed of this repository. */
  #after(before: readonly Promise<unknown>[], ...places: readonly Place[]): After {
    const { client, image } = this.#place;
    // The image's own registry says nothing of another one.
    const telling = places.filter((place) => place !== "image" || client === image);
    return { settled: Promise.allSettled(before), witnesses: telling.map((place) => this.#witness(place)) };
  }

  /** What a place comes to. That it cannot be read is one, too. */
  async #noted(from: "image" | SignaturePlace, read: () => Promise<Outcome[]>): Promise<Outcome[]> {
    try {
      return await read();
    } catch (error) {
      return [Promise.resolve([{ from, ...problemOf(error) }])];
    }
  }
}

async function problemsOf(from: SignaturePlace | undefined, work: Promise<unknown>): Outcome {
  try {
    await work;
    return [];
  } catch (error) {
    return [{ ...(from && { from }), ...problemOf(error) }];
  }
}

/** Has all of it cost what it may? */
function isSpent(client: ContentSource): boolean {
  try {
    client.checkBudget();
    return false;
  } catch {
    return true;
  }
}

/** What could not be found out. The caller's own abort, and wrong arguments, are no finding. */
export function problemOf(error: unknown): VerificationProblem {
  if (error instanceof Fault) {
    return { code: "bad-reply", message: error.message, fix: "Look at what was pushed there." };
  }
  const isFinding =
    error instanceof OcisignError && !["aborted", "bad-input", "bad-url"].includes(error.code);
  if (!isFinding) throw error;
  const { code, message, fix } = error;
  return { code, message, fix };
}
