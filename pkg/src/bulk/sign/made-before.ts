// Requests that earlier runs of the same batch id have made. They carry the keys that this run would give: what is there
// is taken up in any state, and what may be there, and is not seen, ends the run before it posts anything.
import { fail, OcisignError } from "../../error.ts";
import { isList, isRecord, isText } from "../../foreign.ts";
import { artifactOf } from "../../service/artifact.ts";
import type { SigningClient } from "../../service/client.ts";
import type { Listed } from "../../service/listed.ts";
import { foldedId, isSameId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import { requestKeyOf } from "../batch-id.ts";
import type { Calls } from "../calls.ts";
import { sideBySide } from "../side-by-side.ts";
import { showsMetadata } from "./search.ts";

/** Codes that say nothing of the request that was read. */
const ofTheRun = /^(aborted|bad-token|unauthorized)$/;

export interface MadeBeforeSettings {
  readonly client: SigningClient;
  readonly calls: Calls;
  readonly atOnce: number;
  readonly batch: string;
  readonly productId: string;
  /** Is the image in the list of the run? */
  readonly isWanted: (canonical: string) => Promise<boolean>;
}

/** What was made with the batch id of this run. */
export class MadeBefore {
  readonly #settings: MadeBeforeSettings;
  readonly #byKey = new Map<string, Signing>();
  /** Read alone already, by folded id. */
  readonly #seen = new Map<string, Signing>();
  /** The list, or a request that was read alone, has shown some metadata: there, metadata is kept. */
  #listShows = false;
  #requestsShow = false;

  constructor(settings: MadeBeforeSettings) {
    this.#settings = settings;
  }

  /** Has any run of this batch id made a request? */
  get isAny(): boolean {
    return this.#byKey.size > 0;
  }

  /** The request with this key. */
  of(key: string): Signing | undefined {
    return this.#byKey.get(key);
  }

  /**
   * Looks along a list.
   *
   * @returns the list, and in it what was read alone since the list told too little of it
   * @throws {OcisignError} `in-doubt` where one could be of this batch, and nothing tells
   */
  async look(list: Listed<Signing>): Promise<readonly Signing[]> {
    const [bare, short]: [Signing[], Signing[]] = [[], []];
    for (const signing of list) {
      if (hasMetadata(signing)) this.#listShows = true;
      if (this.#take(signing) || requestKeyOf(signing) !== undefined) continue;
      (showsMetadata(signing) ? bare : short).push(signing);
    }
    // Where lists show metadata, one without a key is no run's.
    const unclear = this.#listShows ? short : [...short, ...bare];
    await this.#lookAt(unclear, list.unreadable);
    return list.map((signing) => this.#seen.get(foldedId(signing.id)) ?? signing);
  }

  async #lookAt(unclear: readonly Signing[], unreadable: Listed<Signing>["unreadable"]): Promise<void> {
    const ids: string[] = [];
    for (const { id } of unreadable) {
      if (id === undefined) throw this.#inDoubt("An element of the list of requests cannot be read.");
      ids.push(id);
    }
    for (const one of unclear) if (await this.#mayBe(one)) ids.push(one.id);
    const bare: Signing[] = [];
    const { atOnce } = this.#settings;
    await sideBySide(ids, atOnce, async (id) => {
      const signing = this.#seen.get(foldedId(id)) ?? (await this.#readAlone(id));
      this.#seen.set(foldedId(id), signing);
      if (hasMetadata(signing)) this.#requestsShow = true;
      if (this.#take(signing) || requestKeyOf(signing) !== undefined || !(await this.#mayBe(signing))) return;
      if (!showsMetadata(signing)) throw this.#inDoubt("The service shows a request without its metadata.");
      bare.push(signing);
    });
    if (bare.length === 0 || this.#requestsShow) return;
    throw this.#inDoubt(
      "The service may not keep metadata: it shows requests of the product, and none with metadata.",
    );
  }

  async #readAlone(id: string): Promise<Signing> {
    const { client, calls } = this.#settings;
    try {
      return await calls.read((signal) => client.signing(id, { signal }));
    } catch (error) {
      if (!(error instanceof OcisignError) || ofTheRun.test(error.code)) throw error;
      throw this.#inDoubt(`A request of the list cannot be read. ${error.message}`, error);
    }
  }

  /** Of several with the same key, one that is signed counts most, then one that may become so. */
  #take(signing: Signing): boolean {
    const key = requestKeyOf(signing);
    const isOwn = key?.startsWith(`${this.#settings.batch}/`) && !this.#isOfAnotherProduct(signing);
    if (key === undefined || !isOwn) return false;
    const other = this.#byKey.get(key);
    if (!other || isSameId(other.id, signing.id) || rank(signing) > rank(other))
      this.#byKey.set(key, signing);
    return true;
  }

  /** Could it be one of this run's images? */
  async #mayBe(signing: Signing): Promise<boolean> {
    if (this.#isOfAnotherProduct(signing)) return false;
    const artifact = artifactOf(signing);
    return artifact.state !== "image" || (await this.#settings.isWanted(artifact.reference.canonical));
  }

  #isOfAnotherProduct({ productId }: Signing): boolean {
    return isText(productId) && !isSameId(productId, this.#settings.productId);
  }

  #inDoubt(why: string, cause?: unknown): Error {
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

function rank(signing: Signing): number {
  if (signing.state === "signed") return 2;
  return signing.final ? 0 : 1;
}

function hasMetadata({ payload }: Signing): boolean {
  return isRecord(payload) && isList(payload.metadata) && payload.metadata.length > 0;
}
