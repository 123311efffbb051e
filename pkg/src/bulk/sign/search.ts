// Looks for requests of a run among all that the service shows: a POST without an answer may have made one. It tells what
// was found, and what a search that found nothing does not prove.
import { OcisignError } from "../../error.ts";
import { isList, isRecord } from "../../foreign.ts";
import { artifactOf } from "../../service/artifact.ts";
import type { SigningClient } from "../../service/client.ts";
import { foldedId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import { requestKeyOf } from "../batch-id.ts";
import type { Calls } from "../calls.ts";
import { keyOfId, Places } from "../places.ts";
import { sideBySide } from "../side-by-side.ts";
import { isOfAnother, type Subject } from "../subject.ts";

/** A request that may be there. */
export interface Sought {
  /** Its own, `<batch>/<hash>`. */
  readonly key: string;
  readonly canonical: string;
}

/** What a search came to, by key. What is in neither is not there, as far as the whole list shows. */
export interface Finds {
  readonly found: ReadonlyMap<string, Signing>;
  /** Why it could not be told. */
  readonly unclear: ReadonlyMap<string, string>;
}

export interface SearchSettings extends Subject {
  readonly client: SigningClient;
  readonly calls: Calls;
  readonly batch: string;
  readonly atOnce: number;
}

/** The requests of one run, among all. */
export class Search {
  readonly #settings: SearchSettings;
  /** Requests that are no doubt's: known before, or read and found to be others. By the hashes of their ids. */
  readonly #others = new Places();
  /** The list has shown a key of some run, and so has a request that was read alone: there, metadata is kept. */
  #listShowsKeys = false;
  #requestsShowKeys = false;

  constructor(settings: SearchSettings) {
    this.#settings = settings;
  }

  /** Whose this one is, is known. */
  know(signing: Signing): void {
    this.#others.add(keyOfId(foldedId(signing.id)));
  }

  /** Looks once through the whole list. @throws what the list was refused with */
  async look(sought: readonly Sought[]): Promise<Finds> {
    const { client, calls, atOnce } = this.#settings;
    const list = await calls.read((signal) => client.signings(undefined, { signal }));
    const round = new Round(sought, this.#settings);
    const bare: string[] = [];
    const alone: string[] = [];
    for (const signing of list) {
      const key = requestKeyOf(signing);
      if (key !== undefined) this.#listShowsKeys = true;
      const isSought = key === undefined ? round.mayBe(signing) : round.isSought(key);
      // An earlier run of the same batch id may have made one with the same key.
      if (!isSought || this.#isOther(signing.id)) continue;
      if (key !== undefined) round.take(key, signing);
      else (showsMetadata(signing) ? bare : alone).push(signing.id);
    }
    // Where lists show keys, one without a key is another run's.
    if (!this.#listShowsKeys) alone.push(...bare);
    for (const { id } of list.unreadable) {
      if (id === undefined) round.blind("an element of the list of requests cannot be read");
      else if (!this.#isOther(id)) alone.push(id);
    }
    await this.#lookAt(alone, round, atOnce);
    return round;
  }

  /** What the list does not tell enough of. */
  async #lookAt(ids: readonly string[], round: Round, atOnce: number): Promise<void> {
    const bare: Signing[] = [];
    await sideBySide(ids, atOnce, async (id) => {
      const signing = await this.#readAlone(id, round);
      if (!signing) return;
      const key = requestKeyOf(signing);
      if (key === undefined) {
        if (showsMetadata(signing)) bare.push(signing);
        else round.doubt(signing, "the service shows a request without its metadata");
        return;
      }
      this.#requestsShowKeys = true;
      if (!round.take(key, signing)) this.#others.add(keyOfId(foldedId(id)));
    });
    if (this.#requestsShowKeys) return;
    for (const one of bare) {
      round.doubt(one, "the service may not keep metadata: it shows a request of the image without any key");
    }
  }

  async #readAlone(id: string, round: Round): Promise<Signing | undefined> {
    const { client, calls } = this.#settings;
    try {
      return await calls.read((signal) => client.signing(id, { signal }));
    } catch (error) {
      if (!(error instanceof OcisignError) || error.code === "aborted") throw error;
      round.blind(`a request of the list cannot be read: ${error.message}`);
      return undefined;
    }
  }

  #isOther(id: string): boolean {
    return this.#others.of(keyOfId(foldedId(id))) !== undefined;
  }
}

/** One walk along the list. */
class Round implements Finds {
  readonly found = new Map<string, Signing>();
  readonly unclear = new Map<string, string>();
  readonly #byKey: ReadonlyMap<string, Sought>;
  readonly #byImage: ReadonlyMap<string, Sought>;
  readonly #subject: Subject;

  constructor(sought: readonly Sought[], subject: Subject) {
    this.#byKey = new Map(sought.map((one) => [one.key, one]));
    this.#byImage = new Map(sought.map((one) => [one.canonical, one]));
    this.#subject = subject;
  }

  isSought(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** A request with a key. Of another product or operation, it is not this run's, whoever copied the key. @returns was it sought? */
  take(key: string, signing: Signing): boolean {
    const one = this.#byKey.get(key);
    if (!one || isOfAnother(signing, this.#subject)) return false;
    const artifact = artifactOf(signing);
    const isItsImage = artifact.state === "none" || imageOf(artifact) === one.canonical;
    if (isItsImage) this.found.set(key, signing);
    else this.unclear.set(key, `the service accepted another image than was requested, as ${signing.id}`);
    return true;
  }

  /** Could it be one that is sought, by its image and product? */
  mayBe(signing: Signing): boolean {
    if (isOfAnother(signing, this.#subject)) return false;
    const image = imageOf(artifactOf(signing));
    return image === undefined || this.#byImage.has(image);
  }

  /** One that could be, and does not say. */
  doubt(signing: Signing, why: string): void {
    if (!this.mayBe(signing)) return;
    const image = imageOf(artifactOf(signing));
    const one = image === undefined ? undefined : this.#byImage.get(image);
    if (image === undefined) this.blind(why);
    else if (one) this.unclear.set(one.key, why);
  }

  /** What was not seen could be any of them. */
  blind(why: string): void {
    for (const key of this.#byKey.keys()) this.unclear.set(key, why);
  }
}

function imageOf(artifact: ReturnType<typeof artifactOf>): string | undefined {
  return artifact.state === "image" ? artifact.reference.canonical : undefined;
}

/** A list may leave parts of its requests out. */
export function showsMetadata({ payload }: Signing): boolean {
  return isRecord(payload) && isList(payload.metadata);
}
