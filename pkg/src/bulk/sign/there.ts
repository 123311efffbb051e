// What is there before a run posts anything: requests that wait already, and those that an earlier run of the same batch
// has made. One walk along the list tells both.
import { OcisignError } from "../../error.ts";
import { pause } from "../../http/deadline.ts";
import type { SigningClient } from "../../service/client.ts";
import { foldedId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import { isWithheld } from "../../service/withheld.ts";
import type { AllRequests, Visitor } from "../all-requests.ts";
import type { Calls } from "../calls.ts";
import { keyOfId, Places } from "../places.ts";
import { sideBySide } from "../side-by-side.ts";
import { inDoubt, type MadeBefore } from "./made-before.ts";
import type { WaitingAlready } from "./waiting-already.ts";

export interface ThereSettings {
  readonly client: SigningClient;
  readonly calls: Calls;
  readonly requests: AllRequests;
  readonly atOnce: number;
  readonly signal: AbortSignal;
  readonly batch: string;
  /** The parts of the answer, as far as they are wanted. */
  readonly before: MadeBefore | undefined;
  readonly waiting: WaitingAlready | undefined;
  /** No journal tells what was posted: without the list, nobody knows what is there of the batch. */
  readonly isStrict: boolean;
  /** The caller has asked for what needs the list. */
  readonly needsList: boolean;
  /** Hears the id of each request. */
  readonly know: (id: string) => void;
  /** From then on, nothing that a stopped run has sent is under way any more, by `performance.now()`. */
  readonly settledAt: number;
}

/** Codes that say nothing of the request that was read. */
const ofTheRun = /^(aborted|bad-token|unauthorized)$/;

export class There {
  readonly #settings: ThereSettings;
  /** Requests that were read alone already. */
  readonly #read = new Places();
  #hidesMetadata = false;
  #settling: Promise<void> | undefined;

  constructor(settings: ThereSettings) {
    this.#settings = settings;
  }

  /** The request that an earlier run of this batch has made with this key. */
  before(key: string): Signing | undefined {
    return this.#settings.before?.take(key);
  }

  /** The request that waits for this image. */
  waiting(canonical: string): Signing | undefined {
    return this.#settings.waiting?.take(canonical);
  }

  /** Has an earlier run of this batch made something, of which no journal tells? */
  get isAhead(): boolean {
    return this.#settings.before?.isAhead ?? false;
  }

  /** Looks along the whole list. @throws {OcisignError} `in-doubt` */
  async look(): Promise<void> {
    const { before, waiting } = this.#settings;
    if (!before && !waiting) return;
    try {
      const pages = await this.#walk();
      // What has moved from one page to another while the list was read may be missed once.
      if (before && pages > 1 && !before.isAhead) await this.#walk();
    } catch (error) {
      const { isStrict, needsList, batch } = this.#settings;
      if (!(error instanceof OcisignError) || !isWithheld(error)) throw error;
      if (isStrict && before)
        throw inDoubt(batch, `The list of requests could not be read. ${error.message}`, error);
      // Who may request need not be allowed to list.
      if (needsList) throw error;
    }
  }

  /** Once nothing that a stopped run has sent can be under way any more, one more list tells what it has made. */
  settled(): Promise<void> | undefined {
    if (!this.isAhead) return undefined;
    this.#settling ??= this.#settle();
    return this.#settling;
  }

  async #settle(): Promise<void> {
    const { signal, settledAt } = this.#settings;
    // Behind the moment, as the list has to begin after it.
    await pause(settledAt + 1 - performance.now(), signal);
    if (!signal.aborted && (await this.#walk()) > 1) await this.#walk();
  }

  async #walk(): Promise<number> {
    const { requests, calls } = this.#settings;
    const { pages } = await requests.walk(
      (work) => calls.read(work),
      () => this.#visitor(),
    );
    await this.#readAlone();
    return pages;
  }

  #visitor(): Visitor {
    const { before, waiting, know } = this.#settings;
    before?.begin();
    waiting?.begin();
    return {
      see(signing) {
        know(signing.id);
        const [one, other] = [before?.see(signing), waiting?.see(signing)];
        return one && other ? Promise.all([one, other]).then(() => {}) : (one ?? other);
      },
      blind: (id) => before?.blind(id),
    };
  }

  /** What the list does not tell enough of. */
  async #readAlone(): Promise<void> {
    const { before, waiting, atOnce } = this.#settings;
    const ofBatch = new Set(before?.alone());
    const ids = new Set([...ofBatch, ...(waiting?.alone() ?? [])]);
    await sideBySide([...ids], atOnce, async (id) => {
      const key = keyOfId(foldedId(id));
      // Whose it is does not change; what waits is looked at each time.
      if (!waiting && this.#read.of(key) !== undefined) return;
      const signing = await this.#signing(id, ofBatch.has(id));
      if (!signing) return;
      this.#read.add(key);
      if (before && (await before.seeAlone(signing))) this.#hidesMetadata = true;
      await waiting?.seeAlone(signing);
    });
    before?.end(this.#hidesMetadata);
  }

  /** @param isOfBatch could it be one that an earlier run has made? */
  async #signing(id: string, isOfBatch: boolean): Promise<Signing | undefined> {
    const { client, calls, before } = this.#settings;
    try {
      return await calls.read((signal) => client.signing(id, { signal }));
    } catch (error) {
      if (!(error instanceof OcisignError) || ofTheRun.test(error.code)) throw error;
      if (isOfBatch && before)
        throw before.inDoubt(`A request of the list cannot be read. ${error.message}`, error);
      // What cannot be read is not taken up.
      return undefined;
    }
  }
}
