// Notes what is read from a source, so that a proof can hold it.
import type { ListedDescriptor } from "../registry/referrers-index.ts";
import type {
  BlobOptions,
  ContentSource,
  FoundManifest,
  ManifestOptions,
  OpenSource,
  Referrers,
  ReferrersOptions,
} from "../registry/source.ts";

/** What was read. */
export class Record {
  /** By tag or digest. */
  readonly manifests = new Map<string, FoundManifest>();
  /** By the image's digest. */
  readonly referrers = new Map<string, readonly ListedDescriptor[]>();
  readonly blobs = new Map<string, Uint8Array<ArrayBuffer>>();
}

/** The same sources, and what is read from them from now on. */
export function recorded({
  image,
  client,
  repository,
}: OpenSource): OpenSource & { readonly record: Record } {
  const record = new Record();
  const noted = new Recorded(image, record);
  // Where both are one, they stay one.
  return {
    image: noted,
    client: client === image ? noted : new Recorded(client, record),
    repository,
    record,
  };
}

class Recorded implements ContentSource {
  readonly #source: ContentSource;
  readonly #record: Record;

  constructor(source: ContentSource, record: Record) {
    this.#source = source;
    this.#record = record;
  }

  get called(): string {
    return this.#source.called;
  }

  get adviceWhenMissing(): string | undefined {
    return this.#source.adviceWhenMissing;
  }

  async manifest(
    repository: string,
    reference: string,
    options?: ManifestOptions,
  ): Promise<FoundManifest | undefined> {
    const found = await this.#source.manifest(repository, reference, options);
    if (found) this.#record.manifests.set(reference, found);
    return found;
  }

  async referrers(
    repository: string,
    digest: string,
    options?: ReferrersOptions,
  ): Promise<Referrers | undefined> {
    const found = await this.#source.referrers(repository, digest, options);
    if (found) this.#record.referrers.set(digest, found.manifests);
    return found;
  }

  async blob(repository: string, digest: string, options: BlobOptions): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#source.blob(repository, digest, options);
    this.#record.blobs.set(digest, bytes);
    return bytes;
  }

  blobPieces(repository: string, digest: string, options: BlobOptions) {
    return this.#source.blobPieces(repository, digest, options);
  }

  checkRepository(repository: string): Promise<void> {
    return this.#source.checkRepository(repository);
  }

  async checkWhole(digest: string, isUnsigned: boolean): Promise<void> {
    await this.#source.checkWhole?.(digest, isUnsigned);
  }

  checkBudget(): void {
    this.#source.checkBudget();
  }
}
