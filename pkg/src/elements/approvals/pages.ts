// Reads the service's requests, newest first: page by page where the service knows pages, and all at once where not.

import type { Listed, Signing, SigningClient } from "ocisign";
import { pause } from "../controllers/pause.ts";
import { codeOf } from "../model/errors.ts";
import { keyOf } from "./row.ts";

/** The number of requests that one call reads, and that are worked on at once. */
const limit = 500;

/** No list is read any further. */
const most = 200_000;

export class Pages {
  #client: SigningClient;
  /** Whether the service takes our query. */
  knowsPages = true;

  constructor(client: SigningClient) {
    this.#client = client;
  }

  /** One page; all requests from a service that has no pages. */
  async page(offset: number, signal: AbortSignal): Promise<Listed<Signing>> {
    try {
      if (this.knowsPages) return await this.#client.signings({ limit, offset }, { signal });
    } catch (error) {
      // Only at the beginning: later on, all at once would bring the known ones again.
      if (offset > 0 || codeOf(error) !== "bad-request") throw error;
      this.knowsPages = false;
    }
    return this.#client.signings(undefined, { signal });
  }

  /** Through all of them, from the newest on. */
  walk() {
    return new Walk(this);
  }
}

/** How many requests the service gave, those that cannot be read among them. */
export function sizeOf(page: Listed<Signing>): number {
  return page.length + page.unreadable.length;
}

/** Reads all requests, and can be stopped and gone on with. */
export class Walk {
  /** The keys of the requests that were read. */
  seen: Set<string> = new Set();
  /** Requests that were read, and not handed over yet. */
  #waiting: Signing[] = [];
  #offset = 0;
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
    const page = await this.#pages.page(this.#offset, signal);
    if (signal.aborted) return;
    const before = this.seen.size;
    for (const { id } of page) this.seen.add(keyOf(id));
    const size = sizeOf(page);
    const isWhole = !this.#pages.knowsPages || size > limit;
    // A page of nothing but what cannot be read is no end, but there is one to them, too.
    const isOld = this.seen.size === before && (page.length > 0 || size === 0);
    this.#isLast = isWhole || isOld || size < this.#full || this.#offset > most;
    this.#full ||= size;
    this.#offset += size;
    this.#waiting = page;
  }
}
