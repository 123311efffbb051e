// What refers to an image: what the registry lists by itself, and what an index under the fallback tag lists (OCI
// distribution specification, § Listing Referrers and § Referrers Tag Schema). What others listed there is kept.
import { toUtf8 } from "../../bytes.ts";
import { isDigest } from "../../core.ts";
import { fail } from "../../error.ts";
import type { Fields } from "../../foreign.ts";
import type { Digest } from "../../image/reference.ts";
import { ociIndex } from "../../registry/media-types.ts";
import type { OpenRegistry } from "../../registry/open.ts";
import { type ListedDescriptor, mostReferrers, referrersIn } from "../../registry/referrers-index.ts";
import { referrersTag } from "../../registry/tags.ts";
import type { Descriptor } from "../../strict/descriptor.ts";
import { hasDigest } from "../../strict/digest.ts";
import { Fault, refuse } from "../../strict/fault.ts";
import { manifestAt } from "../../strict/manifest.ts";
import { inOrder } from "../in-order.ts";
import { Candidate } from "../proof/candidate.ts";
import { candidatesIn, isCalledAttestation, referrersOf } from "../proof/manifest.ts";
import type { AttachedFormat } from "./options.ts";
import type { Shown } from "./until.ts";

/** Where it was found, and how many of its kind are there. */
export type OnShelf = Omit<AttachedFormat, "format" | "wasThere">;

/** A blob as a manifest names it: with another size, it is another one. */
export type Layer = Pick<Descriptor, "digest" | "size">;

/** What a listed manifest holds. */
interface Holding {
  /** The bundles that it holds. */
  readonly layers: readonly Layer[];
  /** Does it say that it is something else than a signature? */
  readonly isAttestation: boolean;
}

/** An index under the fallback tag; what else it holds is kept. */
interface FallbackIndex extends Fields {
  readonly manifests: readonly ListedDescriptor[];
}

/** Both lists of an image. */
export class Shelf {
  #place: OpenRegistry;
  #image: Digest;
  #layer: Layer | undefined;
  #tag: string;
  /** What was read of the manifests: they do not change. */
  #read = new Map<Digest, Holding>();

  /** @param layer that of the one that is looked for */
  constructor(place: OpenRegistry, image: Digest, layer?: Layer) {
    this.#place = place;
    this.#image = image;
    this.#layer = layer;
    this.#tag = referrersTag(image);
  }

  /** Is it on one of the lists? */
  async look(): Promise<Shown<OnShelf>> {
    const own = await this.#ownList();
    const among = await this.#among(own ?? []);
    if (among.digest) return { found: { place: "referrers", ...among, digest: among.digest }, others: 0 };
    const { manifests } = await this.#fallback(own !== undefined);
    const { digest, signatures } = await this.#among(manifests);
    const found: OnShelf | undefined = digest && {
      place: "fallback-tag",
      tag: this.#tag,
      digest,
      signatures,
    };
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
        if (found.layers.some((layer) => this.#isSought(layer))) digest ??= found.digest;
        if (found.layers.length > 0 && !found.isAttestation) signatures++;
        return true;
      },
    );
    return { ...(digest && { digest }), signatures };
  }

  #isSought({ digest, size }: Layer): boolean {
    return digest === this.#layer?.digest && size === this.#layer.size;
  }

  /** Undefined for what is not there, or is not what its digest says: that is not what is looked for. */
  async #manifest(text: string): Promise<(Holding & { readonly digest: Digest }) | undefined> {
    if (!isDigest(text)) return undefined;
    const digest = text as Digest;
    const known = this.#read.get(digest);
    if (known) return { ...known, digest };
    const { client, repository } = this.#place;
    const found = await client.manifest(repository, digest, { anyType: true });
    if (!found || !(await hasDigest(found.bytes, digest))) return undefined;
    const holding = holdingOf(found.bytes, found.mediaType);
    this.#read.set(digest, holding);
    return { ...holding, digest };
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

function holdingOf(bytes: Uint8Array, served: string): Holding {
  const claim = { served, isReferrer: true, isGiven: false };
  const layers = candidatesIn(bytes, claim).flatMap((it) =>
    it instanceof Candidate && it.format === "bundle" ? it : [],
  );
  return { layers, isAttestation: isCalledAttestation(bytes) };
}
