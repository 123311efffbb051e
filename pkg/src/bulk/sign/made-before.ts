// Requests that earlier runs of the same batch id have made. They carry the keys that this run would give: what is there
// is taken up in any state, and what may be there, and is not seen, ends a run that has nothing else to go by.
import { fail } from "../../error.ts";
import { isText } from "../../foreign.ts";
import { artifactOf } from "../../service/artifact.ts";
import { isSameId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import { packed, unpacked } from "../all-requests.ts";
import { requestKey, requestKeyOf } from "../batch-id.ts";
import type { ListedImage } from "./list.ts";
import { hasMetadata, imageOf, rank, showsMetadata } from "./what-it-shows.ts";

export interface MadeBeforeSettings {
  readonly batch: string;
  readonly productId: string;
  /** Where an image stands in the list of the run. */
  readonly placeOf: (canonical: string) => Promise<ListedImage>;
  /** May an earlier run have posted the image at this place, as far as its journal tells? */
  readonly isBegun: (index: number) => boolean;
  /** Does the journal tell what became of the image at this place? */
  readonly isDone: (index: number) => boolean;
  /** No journal tells what was posted: what cannot be seen ends the run. */
  readonly isStrict: boolean;
}

/** One of them. */
interface Made {
  readonly id: string;
  readonly rank: number;
  /** The request, as text. */
  readonly text: string;
}

/** What was made with the batch id of this run. */
export class MadeBefore {
  readonly #settings: MadeBeforeSettings;
  readonly #byKey = new Map<string, Made>();
  #isAhead = false;
  /** This walk has shown some metadata: there, metadata is kept. So has a request that was read alone. */
  #listShows = false;
  #requestsShow = false;
  /** Those of this walk that could be of this batch, and do not say: with empty metadata, and with none. */
  #bare: string[] = [];
  #short: string[] = [];

  constructor(settings: MadeBeforeSettings) {
    this.#settings = settings;
  }

  /** Is there one of which no journal tells? Then others may be under way still. */
  get isAhead(): boolean {
    return this.#isAhead;
  }

  /** The request with this key. It is told once. */
  take(key: string): Signing | undefined {
    const made = this.#byKey.get(key);
    this.#byKey.delete(key);
    return made && unpacked(made.text);
  }

  /** A walk along the list begins. */
  begin(): void {
    this.#listShows = false;
    [this.#bare, this.#short] = [[], []];
  }

  see(signing: Signing): Promise<void> | undefined {
    if (hasMetadata(signing)) this.#listShows = true;
    const key = requestKeyOf(signing);
    if (key !== undefined) return this.#isOwn(key, signing) ? this.#keep(key, signing) : undefined;
    if (!this.#settings.isStrict || this.#isOfAnotherProduct(signing)) return undefined;
    const ids = showsMetadata(signing) ? (this.#listShows ? undefined : this.#bare) : this.#short;
    return ids && this.#note(signing, ids);
  }

  /** @param id of an element that cannot be read, if it has one @throws {OcisignError} `in-doubt` */
  blind(id: string | undefined): void {
    if (!this.#settings.isStrict) return;
    if (id === undefined) throw this.inDoubt("An element of the list of requests cannot be read.");
    this.#short.push(id);
  }

  /** Ids of those of which the list tells too little. */
  alone(): readonly string[] {
    // Where lists show metadata, one without a key is no run's.
    return this.#listShows ? this.#short : [...this.#short, ...this.#bare];
  }

  /** Reads one that the list told too little of. @returns could it be of this batch, and does it hide its metadata? */
  async seeAlone(signing: Signing): Promise<boolean> {
    if (hasMetadata(signing)) this.#requestsShow = true;
    const key = requestKeyOf(signing);
    if (key !== undefined && this.#isOwn(key, signing)) await this.#keep(key, signing);
    if (key !== undefined || !this.#settings.isStrict || !(await this.#mayBe(signing))) return false;
    if (!showsMetadata(signing)) throw this.inDoubt("The service shows a request without its metadata.");
    return true;
  }

  /** @param hidden does one that could be of this batch hide its metadata? @throws {OcisignError} `in-doubt` */
  end(hidden: boolean): void {
    if (!hidden || this.#requestsShow) return;
    throw this.inDoubt(
      "The service may not keep metadata: it shows requests of the product, and none with metadata.",
    );
  }

  #isOwn(key: string, signing: Signing): boolean {
    return key.startsWith(`${this.#settings.batch}/`) && !this.#isOfAnotherProduct(signing);
  }

  async #keep(key: string, signing: Signing): Promise<void> {
    const { placeOf, isBegun, isDone, isStrict, batch } = this.#settings;
    const image = imageOf(signing);
    const listed = image === undefined ? undefined : await placeOf(image);
    const index = listed?.index;
    if (listed?.isKnown && index === undefined) {
      // Another part of the list may share the batch id.
      if (isStrict) this.#isAhead = true;
      // One that carries the key of another image is told.
      if (key === requestKey(batch, listed.hash)) return;
    } else if (index === undefined || !isBegun(index)) {
      this.#isAhead = true;
    } else if (isDone(index)) {
      return;
    }
    const other = this.#byKey.get(key);
    if (!other || isSameId(other.id, signing.id) || rank(signing) > other.rank)
      this.#byKey.set(key, { id: signing.id, rank: rank(signing), text: packed(signing) });
  }

  async #note(signing: Signing, ids: string[]): Promise<void> {
    if (await this.#mayBe(signing)) ids.push(signing.id);
  }

  /** Could it be one of this run's images? */
  async #mayBe(signing: Signing): Promise<boolean> {
    if (this.#isOfAnotherProduct(signing)) return false;
    const artifact = artifactOf(signing);
    if (artifact.state !== "image") return true;
    const { isKnown, index } = await this.#settings.placeOf(artifact.reference.canonical);
    return !isKnown || index !== undefined;
  }

  #isOfAnotherProduct({ productId }: Signing): boolean {
    return isText(productId) && !isSameId(productId, this.#settings.productId);
  }

  inDoubt(why: string, cause?: unknown): Error {
    return inDoubt(this.#settings.batch, why, cause);
  }
}

/** What earlier runs of this batch id have made cannot be told. */
export function inDoubt(batch: string, why: string, cause?: unknown): Error {
  return fail(
    "in-doubt",
    `What was requested before with the batch id ${batch} is not known. ${why} Nothing was requested.`,
    "Leave out the batch id: a new one is made. With a journal, too, a stopped run goes on without the list.",
    cause,
  );
}
