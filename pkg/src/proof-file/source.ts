// A proof file as a source of manifests and blobs. What is not in it is not known: that a proof lacks something is never
// taken for the word of a registry that there is no such thing.
import { fail } from "../error.ts";
import { looksLikeDigest } from "../registry/address.ts";
import { ociIndex } from "../registry/media-types.ts";
import type { BlobOptions, ContentSource, FoundManifest, Referrers } from "../registry/source.ts";
import { referrersTag, signatureTag } from "../registry/tags.ts";
import type { Named, NamedSignatures, Proof, ProofPlace } from "./format.ts";

const advice = "Make the proof file anew; for all images of an index, with `recursive`.";

export class ProofSource implements ContentSource {
  readonly called = "proof file";
  readonly adviceWhenMissing = advice;
  readonly #proof: Proof;
  readonly #byDigest: ReadonlyMap<string, Named & { readonly mediaType: string }>;
  readonly #blobs: ReadonlyMap<string, Named>;

  constructor(proof: Proof) {
    this.#proof = proof;
    this.#byDigest = byDigest([...proof.signatures, ...proof.manifests]);
    this.#blobs = byDigest(proof.blobs);
  }

  async manifest(_repository: string, reference: string): Promise<FoundManifest | undefined> {
    if (looksLikeDigest(reference)) return copyOf(this.#byDigest.get(reference));
    for (const { digest } of this.#proof.manifests) {
      if (reference === signatureTag(digest)) return copyOf(this.#signaturesOf(digest, "tag")[0]);
      if (reference === referrersTag(digest)) return indexOf(this.#signaturesOf(digest, "fallback-tag"));
    }
    return undefined;
  }

  async referrers(_repository: string, digest: string): Promise<Referrers> {
    const listed = this.#signaturesOf(digest, "referrers");
    return { manifests: listed.map(descriptorOf), from: "referrers" };
  }

  async blob(
    _repository: string,
    digest: string,
    { maxBytes }: BlobOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const found = this.#blobs.get(digest);
    if (found && found.bytes.length <= maxBytes) return found.bytes.slice();
    throw fail("not-found", `The proof file does not hold the blob ${digest}.`, advice);
  }

  async *blobPieces(repository: string, digest: string, options: BlobOptions) {
    yield await this.blob(repository, digest, options);
  }

  async checkRepository(): Promise<void> {}

  /** What it was made without, it cannot say. */
  async checkWhole(digest: string, isUnsigned: boolean): Promise<void> {
    if (isUnsigned) throw lacksSignature(digest);
  }

  checkBudget(): void {}

  #signaturesOf(image: string, place: ProofPlace): readonly NamedSignatures[] {
    const all = this.#proof.signatures.filter((one) => one.image === image);
    if (all.length > 0) return all.filter(({ places }) => places.includes(place));
    throw lacksSignature(image);
  }
}

function lacksSignature(image: string) {
  return fail("not-found", `The proof file holds no signature of ${image}.`, advice);
}

function byDigest<T extends Named>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((one) => [one.digest, one]));
}

function copyOf(found: (Named & { readonly mediaType: string }) | undefined): FoundManifest | undefined {
  return found && { bytes: found.bytes.slice(), mediaType: found.mediaType };
}

function descriptorOf({ digest, mediaType }: NamedSignatures) {
  return { mediaType, digest };
}

/** The index under the fallback tag, as far as the proof needs it: what is in it is compared with its digests. */
function indexOf(listed: readonly NamedSignatures[]): FoundManifest | undefined {
  if (listed.length === 0) return undefined;
  const index = { schemaVersion: 2, mediaType: ociIndex, manifests: listed.map(descriptorOf) };
  return { bytes: new TextEncoder().encode(JSON.stringify(index)), mediaType: ociIndex };
}
