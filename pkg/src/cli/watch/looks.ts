// Looks at the service's requests as the page does: all of them first, then the newest again and again, and some of the
// older ones in turn. A short list costs one GET a look, a long one two.
import type { Signing, SigningClient, SigningFilter } from "ocisign";
import { Pages, type Part, type Walk } from "../../elements/approvals/pages.ts";
import type { Unreadable } from "../../shown/unreadable.ts";

export class Looks {
  readonly #pages: Pages;
  readonly #walk: Walk;
  /** Of the whole list. */
  #size = 0;
  /** Where the next look at older requests begins; 0 when there are none. */
  #turn = 0;
  readonly #all: Signing[] = [];

  constructor(client: SigningClient, filter: SigningFilter) {
    this.#pages = new Pages(client, filter);
    this.#walk = this.#pages.walk();
  }

  /** Was the list read as a whole? */
  get isComplete(): boolean {
    return this.#walk.done;
  }

  /** What could not be read of the whole list. */
  get unreadable(): readonly Unreadable[] {
    return this.#walk.unreadable;
  }

  /** Reads on through the whole list; after a failure it goes on from there. @returns all, once it is complete */
  async all(signal: AbortSignal): Promise<readonly Signing[]> {
    while (!this.#walk.done) {
      this.#all.push(...(await this.#walk.next(signal)));
      signal.throwIfAborted();
    }
    this.#size = this.#walk.count + this.#walk.unreadable.length;
    return this.#all.splice(0);
  }

  /** The newest ones, and some of the older ones. */
  async again(signal: AbortSignal): Promise<Part> {
    const newest = await this.#pages.page(0, signal);
    this.#size = Math.max(this.#size, newest.count);
    const from = Math.max(this.#turn, newest.count);
    if (newest.count >= this.#size) return newest;
    const older = await this.#pages.page(from, signal);
    this.#turn = older.count === 0 ? 0 : from + older.count;
    return {
      signings: [...newest.signings, ...older.signings],
      unreadable: [...newest.unreadable, ...older.unreadable],
      count: newest.count + older.count,
    };
  }
}
