// A manifest that refers to the image (OCI distribution specification, § Pushing Manifests with Subject). A registry that
// does not list it by itself has it listed in an index under the fallback tag; what others listed there is kept.
import { toUtf8 } from "../../bytes.ts";
import { isDigest } from "../../core.ts";
import { fail } from "../../error.ts";
import type { Fields } from "../../foreign.ts";
import type { Digest, ImageReference } from "../../image/reference.ts";
import { imageManifest } from "../../registry/content.ts";
import { ociImage, ociIndex } from "../../registry/media-types.ts";
import type { OpenRegistry } from "../../registry/open.ts";
import { type ListedDescriptor, mostReferrers, referrersIn } from "../../registry/referrers-index.ts";
import { referrersTag } from "../../registry/tags.ts";
import { digestOf, hasDigest } from "../../strict/digest.ts";
import { Fault, refuse } from "../../strict/fault.ts";
import { manifestAt } from "../../strict/manifest.ts";
import { inOrder } from "../in-order.ts";
import { Candidate } from "../proof/candidate.ts";
import { candidatesIn, isCalledAttestation, referrersOf } from "../proof/manifest.ts";
import type { AttachedFormat } from "./options.ts";
import { type Shown, until } from "./until.ts";

/** What is to refer to the image. */
export interface NewReferrer {
  /** The manifest, without its subject. */
  readonly manifest: Fields;
  readonly artifactType: string;
  /** What it names. */
  readonly blobs: readonly Uint8Array<ArrayBuffer>[];
  /** The layer by which one like it is known: whoever pushed it, and whenever. */
  readonly layer: Digest;
}

/** Pushes it, unless one with the same layer is there. */
export async function keepReferrer(
  place: OpenRegistry,
  image: ImageReference,
  referrer: NewReferrer,
): Promise<Omit<AttachedFormat, "format">> {
  const { bytes: subject, mediaType } = await imageManifest(place.image, image);
  const { manifest, artifactType, blobs, layer } = referrer;
  const about = { mediaType, size: subject.length, digest: image.digest };
  const bytes = toUtf8(JSON.stringify({ ...manifest, subject: about, artifactType }));
  const shelf = new Shelf(place, image.digest, layer);
  const { found, wasThere } = await until(
    () => shelf.look(),
    async () => {
      const { client, repository } = place;
      for (const blob of blobs) await client.pushBlob(repository, blob);
      const isListed = await client.pushReferrer(repository, bytes, ociImage, image.digest);
      const digest = await digestOf(bytes);
      // A browser may not be shown the header by which a registry says so.
      if (isListed || (await shelf.isListed(digest))) return;
      const { annotations } = manifest;
      await shelf.list({ mediaType: ociImage, size: bytes.length, digest, artifactType, annotations });
    },
  );
  return { ...found, wasThere };
}

/** Has a manifest listed that is there, unless the registry lists it by itself. Others that are listed stay. */
export async function keepListed(
  place: OpenRegistry,
  subject: Digest,
  descriptor: ListedDescriptor,
): Promise<"referrers" | "fallback-tag"> {
  const shelf = new Shelf(place, subject);
  if (await shelf.isListed(descriptor.digest)) return "referrers";
  await until(
    async () => ({ found: (await shelf.isTagged(descriptor.digest)) || undefined, others: 1 }),
    () => shelf.list(descriptor),
  );
  return "fallback-tag";
}

/** Where it was found, and how many of its kind are there. */
type Found = Omit<AttachedFormat, "format" | "wasThere">;

/** A manifest that an index lists. */
interface Listed {
  /** The bundles that it holds. */
  readonly layers: readonly Digest[];
  /** Does it say that it is something else than a signature? */
  readonly isAttestation: boolean;
}

/** An index under the fallback tag; what else it holds is kept. */
interface FallbackIndex extends Fields {
  readonly manifests: readonly ListedDescriptor[];
}

/** What refers to an image: by the registry's own list, and by the fallback tag. */
class Shelf {
  #place: OpenRegistry;
  #image: Digest;
  #layer: Digest | undefined;
  #tag: string;
  /** What was read of the manifests: they do not change. */
  #read = new Map<Digest, Listed>();

  /** @param layer that of the one that is looked for */
  constructor(place: OpenRegistry, image: Digest, layer?: Digest) {
    this.#place = place;
    this.#image = image;
    this.#layer = layer;
    this.#tag = referrersTag(image);
  }

  /** Is it on one of the lists? */
  async look(): Promise<Shown<Found>> {
    const own = await this.#ownList();
    const among = await this.#among(own ?? []);
    if (among.digest) return { found: { place: "referrers", ...among, digest: among.digest }, others: 0 };
    const { manifests } = await this.#fallback(own !== undefined);
    const { digest, signatures } = await this.#among(manifests);
    const found: Found | undefined = digest && { place: "fallback-tag", tag: this.#tag, digest, signatures };
    return { found, others: own ? 0 : manifests.length };
  }

  /** Does the registry list it by itself? */
  async isListed(digest: string): Promise<boolean> {
    return (await this.#ownList())?.some((it) => it.digest === digest) ?? false;
  }

  /** Does the fallback tag list it? */
  async isTagged(digest: string): Promise<boolean> {
    return (await this.#fallback(false)).manifests.some((it) => it.digest === digest);
  }

  /** Adds it to the index under the fallback tag. */
  async list(descriptor: ListedDescriptor): Promise<void> {
    const index = await this.#fallback(false);
    if (index.manifests.length >= mostReferrers) {
      const message = `${mostReferrers} manifests refer to the image already; more are not read.`;
      throw fail("conflict", message, "Remove what does not belong there.");
    }
    const bytes = toUtf8(JSON.stringify({ ...index, manifests: [...index.manifests, descriptor] }));
    await this.#place.client.pushManifest(this.#place.repository, this.#tag, bytes, ociIndex);
  }

  async #ownList(): Promise<readonly ListedDescriptor[] | undefined> {
    return (await this.#place.client.referrers(this.#place.repository, this.#image))?.manifests;
  }

  /** Which of them holds the bundle, and how many hold one. */
  async #among(listed: readonly ListedDescriptor[]): Promise<{ digest?: Digest; signatures: number }> {
    const maySign = referrersOf(listed).filter(({ isCalledOther }) => !isCalledOther);
    let digest: Digest | undefined;
    let signatures = 0;
    await inOrder(
      maySign,
      (it) => this.#manifest(it.digest),
      (found) => {
        if (!found) return true;
        if (this.#layer && found.layers.includes(this.#layer)) digest ??= found.digest;
        if (found.layers.length > 0 && !found.isAttestation) signatures++;
        return true;
      },
    );
    return { ...(digest && { digest }), signatures };
  }

  /** Undefined for what is not there, or is not what its digest says: that is not what is looked for. */
  async #manifest(text: string): Promise<(Listed & { readonly digest: Digest }) | undefined> {
    if (!isDigest(text)) return undefined;
    const digest = text as Digest;
    const known = this.#read.get(digest);
    if (known) return { ...known, digest };
    const { client, repository } = this.#place;
    const found = await client.manifest(repository, digest, { anyType: true });
    if (!found || !(await hasDigest(found.bytes, digest))) return undefined;
    const listed = listedIn(found.bytes, found.mediaType);
    this.#read.set(digest, listed);
    return { ...listed, digest };
  }

  /** @param isSpare the registry lists by itself, so that nothing has to stand there */
  async #fallback(isSpare: boolean): Promise<FallbackIndex> {
    const none = { schemaVersion: 2, mediaType: ociIndex, manifests: [] };
    const { client, repository } = this.#place;
    const found = await client.manifest(repository, this.#tag);
    // GitLab answers with the image itself, as if the tag were its digest.
    if (!found || (await hasDigest(found.bytes, this.#image))) return none;
    try {
      if (found.mediaType !== ociIndex) refuse("It is no index.");
      return { ...manifestAt(found.bytes, "It", "it", ociIndex), manifests: referrersIn(found.bytes) };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (isSpare) return none;
      const message = `The tag ${this.#tag} for what refers to the image holds no index of referrers.`;
      throw fail("conflict", message, "Find out what it is before you remove it.");
    }
  }
}

function listedIn(bytes: Uint8Array, served: string): Listed {
  const claim = { served, isReferrer: true, isGiven: false };
  const layers = candidatesIn(bytes, claim).flatMap((it) =>
    it instanceof Candidate && it.format === "bundle" ? it.digest : [],
  );
  return { layers, isAttestation: isCalledAttestation(bytes) };
}
