// Looks for requests of a run among all that the service shows: a POST without an answer may have made one. It tells what
// was found, and what a search that found nothing does not prove.
import { OcisignError } from "../../error.ts";
import type { SigningClient } from "../../service/client.ts";
import { foldedId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import type { AllRequests } from "../all-requests.ts";
import { requestKeyOf } from "../batch-id.ts";
import type { Calls } from "../calls.ts";
import { type Key, keyOfId, Places } from "../places.ts";
import { sideBySide } from "../side-by-side.ts";
import type { Subject } from "../subject.ts";
import { Round, type Whose } from "./round.ts";
import { showsMetadata } from "./what-it-shows.ts";

/** A request that may be there. */
export interface Sought {
  /** Its own, `<batch>/<hash>`. */
  readonly key: string;
  readonly canonical: string;
  /** Of the run's own requests, those from this place on were accepted after its POST had failed. */
  readonly after: number;
}

/** What a search came to, by key. What is in neither is not there, as far as the whole list shows. */
export interface Finds {
  readonly found: ReadonlyMap<string, Signing>;
  /** Why it could not be told. */
  readonly unclear: ReadonlyMap<string, string>;
  /** Why the list was not whole, if it was not: the next one may be. */
  readonly lacking: string | undefined;
  /** How many pages the list had. */
  readonly pages: number;
}

export interface SearchSettings extends Subject {
  readonly client: SigningClient;
  readonly calls: Calls;
  readonly requests: AllRequests;
  readonly atOnce: number;
}

/** The requests of one run, among all. */
export class Search {
  readonly #settings: SearchSettings;
  /** Requests that are no doubt's: known before, or read and found to be others. By the hashes of their ids. */
  readonly #others = new Places();
  /** Requests that the service has for sure, in the order in which they came to be known. */
  readonly #own = new Places();
  /** Places of those that the service has no more. */
  readonly #gone = new Set<number>();
  /** Places of those of which nobody knows when they were made. */
  readonly #old = new Set<number>();
  #lastMade: string | undefined;

  constructor(settings: SearchSettings) {
    this.#settings = settings;
  }

  /** Whose this one is, is known. */
  know(id: string): void {
    this.#others.add(keyOf(id));
  }

  /** It was seen, by this run or an earlier one: a list that lacks it is not whole. */
  wasThere(id: string): void {
    const place = this.#own.size;
    if (this.#own.add(keyOf(id), place) === undefined) this.#old.add(place);
  }

  /** This run has just made it, with its key: a list that lacks it is not whole. */
  made(id: string): void {
    if (this.#own.add(keyOf(id), this.#own.size) === undefined) this.#lastMade = id;
  }

  /** The service has it no more. */
  gone(id: string): void {
    const place = this.#own.of(keyOf(id));
    if (place !== undefined) this.#gone.add(place);
  }

  /** The place of the next one that is made. */
  get next(): number {
    return this.#own.size;
  }

  /** Looks once through the whole list. @throws what the list was refused with */
  async look(sought: readonly Sought[]): Promise<Finds> {
    const { calls, requests } = this.#settings;
    const expected = this.#own.size;
    const { visitor: round, pages } = await requests.walk(
      (work) => calls.read(work),
      () => new Round(sought, this.#settings, expected, (id) => this.#whose(id)),
    );
    await this.#lookAt(round);
    const { found, unclear } = round;
    return { found, unclear, lacking: round.lacking(this.#gone), pages };
  }

  /** What the list does not tell enough of. */
  async #lookAt(round: Round): Promise<void> {
    const bare: Signing[] = [];
    await sideBySide(round.alone(), this.#settings.atOnce, async (id) => {
      const signing = await this.#readAlone(id, round);
      if (!signing) return;
      const key = requestKeyOf(signing);
      if (key !== undefined) {
        if (!round.take(key, signing)) this.know(id);
      } else if (showsMetadata(signing)) {
        bare.push(signing);
      } else {
        round.doubt(signing, "the service shows a request without its metadata");
      }
    });
    if (!bare.some((signing) => round.mayBe(signing))) return;
    const place = await this.#lastThatShowsItsKey(round);
    const why = "the service may not keep metadata: it shows a request of the image without any key";
    for (const one of bare) round.doubt(one, why, place);
  }

  /** The place of the request that was made last, if the service shows its key. */
  async #lastThatShowsItsKey(round: Round): Promise<number> {
    const id = this.#lastMade;
    const place = id === undefined ? undefined : this.#own.of(keyOf(id));
    if (id === undefined || place === undefined || this.#gone.has(place)) return -1;
    const signing = await this.#readAlone(id, round);
    return signing && requestKeyOf(signing) !== undefined ? place : -1;
  }

  async #readAlone(id: string, round: Round): Promise<Signing | undefined> {
    const { client, calls } = this.#settings;
    try {
      return await calls.read((signal) => client.signing(id, { signal }));
    } catch (error) {
      if (!(error instanceof OcisignError) || error.code === "aborted") throw error;
      round.blind(undefined, `a request of the list cannot be read: ${error.message}`);
      return undefined;
    }
  }

  /** What is known of one. */
  #whose(id: string): Whose {
    const key = keyOf(id);
    const place = this.#own.of(key);
    if (place !== undefined) return { place, isOld: this.#old.has(place) };
    return this.#others.of(key) === undefined ? undefined : "another's";
  }
}

function keyOf(id: string): Key {
  return keyOfId(foldedId(id));
}
