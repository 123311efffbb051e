// Reads the service's requests, newest first: page by page where the service knows pages, and all at once where not.

import type { Signing, SigningClient, SigningFilter } from "ocisign";
import { fieldOf } from "../../foreign.ts";
import { foldedId } from "../../service/same-id.ts";
import { seeDigests } from "../../shown/see-digest.ts";
import { type Unreadable, unreadableOf } from "../../shown/unreadable.ts";
import { pause } from "../controllers/pause.ts";

/** The number of requests that one call reads: what a reply of more holds would keep the page busy for too long. */
const limit = 250;

/** No list is read any further. */
const most = 200_000;

/** So many pages in a row may hold nothing that can be read; a service that repeats one would never end. */
const mostBlindPages = 20;

/** A part of the list. */
export interface Part {
  readonly signings: Signing[];
  /** What could not be read, by its place in the whole list. */
  readonly unreadable: Unreadable[];
  /** How many elements the part has, readable or not. */
  readonly count: number;
}

export class Pages {
  #client: SigningClient;
  /** What else the query asks for. */
  #filter: SigningFilter;
  /** Whether the service takes our query. */
  knowsPages = true;

  constructor(client: SigningClient, filter: SigningFilter = {}) {
    this.#client = client;
    this.#filter = filter;
  }

  /** One page; all requests from a service that has no pages. */
  async page(offset: number, signal: AbortSignal): Promise<Part> {
    try {
      if (this.knowsPages) {
        const page = { ...this.#filter, limit, offset };
        return partOf(await this.#read(page, signal), offset);
      }
    } catch (error) {
      // Only at the beginning: later on, all at once would bring the known ones again.
      if (offset > 0 || fieldOf(error, "code") !== "bad-request") throw error;
      this.knowsPages = false;
    }
    return partOf(await this.#read(this.#filter, signal), 0);
  }

  async #read(filter: SigningFilter, signal: AbortSignal) {
    const list = await this.#client.signings(filter, { signal });
    await seeDigests(list, this.#client.profile);
    return list;
  }

  /** Through all of them, from the newest on. */
  walk() {
    return new Walk(this);
  }
}

/** Reads all requests, and can be stopped and gone on with. */
export class Walk {
  /** The keys of the requests that were read. */
  seen: Set<string> = new Set();
  /** What could not be read, by its place in the whole list. */
  unreadable: Unreadable[] = [];
  /** Requests that were read, and not handed over yet. */
  #waiting: Signing[] = [];
  #offset = 0;
  /** How many of the last pages held nothing that can be read. */
  #blind = 0;
  #isLast = false;
  /** How many requests a full page holds; a service may have a lower limit than ours. */
  #full = 0;
  #pages: Pages;

  constructor(pages: Pages) {
    this.#pages = pages;
  }

  get done() {
    return this.#isLast && this.#waiting.length === 0;
  }

  /** The number of requests that were handed over. */
  get count() {
    return this.#offset - this.#waiting.length;
  }

  /** The next ones, a page at most; none when it was stopped. */
  async next(signal: AbortSignal) {
    // Thousands at once are handed over bit by bit, so that the page stays quick meanwhile.
    if (this.#waiting.length > 0) await pause(0, signal);
    else await this.#read(signal);
    return signal.aborted ? [] : this.#waiting.splice(0, limit);
  }

  async #read(signal: AbortSignal) {
    const { signings, unreadable, count } = await this.#pages.page(this.#offset, signal);
    if (signal.aborted) return;
    const before = this.seen.size;
    for (const { id } of signings) this.seen.add(foldedId(id));
    this.#blind = signings.length === 0 && count > 0 ? this.#blind + 1 : 0;
    const isNew = this.seen.size > before || (this.#blind > 0 && this.#blind <= mostBlindPages);
    const isWhole = !this.#pages.knowsPages || count > limit;
    this.#isLast = isWhole || !isNew || count < this.#full || this.#offset > most;
    this.#full ||= count;
    this.#offset += count;
    this.unreadable.push(...unreadable);
    this.#waiting = signings;
  }
}

function partOf(list: Signing[], offset: number): Part {
  const unreadable = unreadableOf(list).map((one) => ({ ...one, index: offset + one.index }));
  return { signings: list, unreadable, count: list.length + unreadable.length };
}
