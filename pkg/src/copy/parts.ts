// What belongs to an image: the manifests within it, and what is kept beside each of them. What is beside something that
// is beside it belongs to it, too, such as the signature of a bill of materials.
import { blobsIn, manifestsIn } from "../image/manifest.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { checked, missing } from "../registry/content.ts";
import { indexTypes, ociIndex } from "../registry/media-types.ts";
import { beside, membersOf } from "../registry/members.ts";
import { type ListedDescriptor, referrersIn } from "../registry/referrers-index.ts";
import type { ContentSource, OpenSource } from "../registry/source.ts";
import { attestationTag, billTag, referrersTag, signatureTag } from "../registry/tags.ts";
import type { Descriptor } from "../strict/descriptor.ts";
import { checkDigest, digestOf, hasDigest } from "../strict/digest.ts";
import { refuse } from "../strict/fault.ts";
import type { CopiedRole } from "./copied.ts";

/** A manifest that belongs to the image. */
export interface Part {
  readonly role: CopiedRole;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it names, as far as a registry holds it. */
  readonly blobs: readonly Descriptor[];
  /** Where it was read. */
  readonly from: ContentSource;
  readonly repository: string;
  /** The manifest that it is kept beside. */
  readonly subject?: Digest;
  /** The tag that names it. */
  readonly tag?: string;
  /** How a list of referrers names it. */
  readonly listed?: ListedDescriptor;
}

/** An image that more belongs to is a mistake, or an attack. */
const mostParts = 2000;
/** All manifests are kept until they are pushed: an honest one has some kilobytes. */
const mostKept = 128 * 1024 * 1024;

/** In the order in which they can be pushed: what is named before what names it. */
export async function partsOf(place: OpenSource, image: ImageReference): Promise<readonly Part[]> {
  const inside: Part[] = [];
  for await (const { image: one, mediaType, bytes } of membersOf(place.image, image)) {
    const role = indexTypes.includes(mediaType) ? "index" : "image";
    const blobs = heldBlobs(bytes, mediaType);
    const { image: from } = place;
    inside.push({ role, digest: one.digest, mediaType, bytes, blobs, from, repository: image.repository });
  }
  inside.reverse();
  return [...inside, ...(await new Beside(place, image).of(inside))];
}

/** The blobs that a manifest names, and none of an index. */
function heldBlobs(bytes: Uint8Array, mediaType: string): readonly Descriptor[] {
  return blobsIn(bytes, mediaType).filter(({ isForeign }) => !isForeign);
}

/** Looks beside manifests. */
class Beside {
  readonly #place: OpenSource;
  readonly #image: ImageReference;
  readonly #met = new Set<string>();
  readonly #found: Part[] = [];
  #bytes = 0;

  constructor(place: OpenSource, image: ImageReference) {
    this.#place = place;
    this.#image = image;
  }

  async of(parts: readonly Part[]): Promise<readonly Part[]> {
    for (const { digest } of parts) this.#met.add(digest);
    const waiting = [...parts];
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const before = this.#found.length;
      await this.#lookBeside(next.digest);
      // A signature is signed by nobody.
      waiting.push(...this.#found.slice(before).filter(({ role }) => role !== "signatures"));
    }
    return this.#found;
  }

  async #lookBeside(subject: Digest): Promise<void> {
    const tags = [
      ["signatures", signatureTag(subject)],
      ["attestations", attestationTag(subject)],
      ["sbom", billTag(subject)],
    ] as const;
    for (const [role, tag] of tags) if (tag !== undefined) await this.#takeTag(role, subject, tag);
    const { client, repository } = this.#place;
    const listed = (await client.referrers(repository, subject))?.manifests ?? [];
    const tagged = await this.#listedByTag(subject);
    for (const one of [...listed, ...tagged]) await this.#takeReferrer(subject, one);
  }

  async #takeTag(role: CopiedRole, subject: Digest, tag: string): Promise<void> {
    const { client, repository } = this.#place;
    const found = await client.manifest(repository, tag, { anyType: true });
    if (!found) return;
    await this.#add({ role, subject, tag, ...found, digest: await digestOf(found.bytes) });
  }

  async #listedByTag(subject: Digest): Promise<readonly ListedDescriptor[]> {
    const { client, repository } = this.#place;
    const found = await client.manifest(repository, referrersTag(subject));
    // GitLab answers with the image itself, as if the tag were its digest.
    if (!found || (await hasDigest(found.bytes, subject))) return [];
    if (found.mediaType !== ociIndex) refuse("The index of referrers is none.");
    return referrersIn(found.bytes);
  }

  async #takeReferrer(subject: Digest, listed: ListedDescriptor): Promise<void> {
    const digest = checkDigest(listed.digest);
    if (this.#met.has(digest)) return;
    const { client, repository } = this.#place;
    const found = await client.manifest(repository, digest, { anyType: true });
    if (!found) throw missing(`The referrer ${digest} is listed, but is not there.`);
    await this.#add({ role: "referrer", subject, listed, ...found, digest });
  }

  async #add(part: Omit<Part, "blobs" | "from" | "repository">): Promise<void> {
    const { client: from, repository } = this.#place;
    const { digest, mediaType } = part;
    const bytes = await checked(part.bytes, digest);
    // Under a tag, the same manifest may stand beside several.
    if (part.tag === undefined) this.#met.add(digest);
    if (indexTypes.includes(mediaType)) await this.#addWithin(part.subject, bytes, mediaType);
    const blobs = heldBlobs(bytes, mediaType);
    this.#keep({ ...part, bytes, blobs, from, repository });
  }

  #keep(...parts: readonly Part[]): void {
    this.#found.push(...parts);
    this.#bytes += parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (this.#found.length > mostParts) refuse(`More than ${mostParts} manifests belong to the image.`);
    if (this.#bytes > mostKept) refuse(`The manifests beside the image have more than ${mostKept} bytes.`);
  }

  /** What is beside the image may be an index, too. */
  async #addWithin(subject: Digest | undefined, bytes: Uint8Array, mediaType: string): Promise<void> {
    for (const { digest } of manifestsIn(bytes, mediaType)) {
      if (this.#met.has(digest)) continue;
      this.#met.add(digest);
      const { client, repository } = this.#place;
      const within: Part[] = [];
      for await (const member of membersOf(client, { ...beside(this.#image, digest), repository })) {
        const { image, mediaType: type, bytes: own } = member;
        const blobs = heldBlobs(own, type);
        const facts = { digest: image.digest, mediaType: type, bytes: own, blobs };
        within.push({ role: "referrer", ...facts, from: client, repository, ...(subject && { subject }) });
      }
      this.#keep(...within.reverse());
    }
  }
}
