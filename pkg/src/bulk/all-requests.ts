// All requests that a service shows, page by page: whoever walks along them keeps what is needed, and the rest is dropped.
// A service of a hundred thousand requests then costs no more memory than one of its pages.
import { OcisignError } from "../error.ts";
import type { SigningClient } from "../service/client.ts";
import type { Unreadable } from "../service/listed.ts";
import { type Reply, readList, signingReader } from "../service/reply.ts";
import { type Again, shapes } from "../service/shaped.ts";
import type { Signing } from "../service/signing.ts";

/** The reading that messages speak of. */
const doing = "Reading the signing requests";
/** A list that changes while it is read may send a walk back to its beginning so often. */
const mostWalks = 3;
/** Codes of what another walk may pass by: a page that has gone, or that comes again. */
const ofPages = /^(bad-request|not-found|bad-reply)$/;

/** Who looks at each request on the way. */
export interface Visitor {
  /** @returns what has to be done before the walk goes on, if anything */
  see(signing: Signing): Promise<void> | undefined;
  /** An element that cannot be read. @param id if it has one */
  blind?(id: string | undefined): void;
  /** The same, with why. */
  unreadable?(element: Unreadable): void;
}

/** What a walk came to. */
export interface Walk<V> {
  readonly visitor: V;
  /** How many pages had something on them. Between two of them, the list may have changed. */
  readonly pages: number;
}

/** The requests of a service. */
export class AllRequests {
  readonly #client: SigningClient;
  readonly #read: (reply: Reply) => Signing;

  constructor(client: SigningClient) {
    this.#client = client;
    this.#read = signingReader(client.profile);
  }

  /**
   * Walks along all of them.
   *
   * @param again makes the call for a page
   * @param begin makes a visitor. A walk that begins anew has a new one, as the last one may have missed something.
   * @throws what `again` throws; `bad-reply` for a list without an end
   */
  async walk<V extends Visitor>(again: Again, begin: () => V): Promise<Walk<V>> {
    for (let walks = 1; ; walks += 1) {
      const visitor = begin();
      let isBegun = false;
      try {
        const shape = await shapes.of(this.#client);
        const pages = await shape.walk(doing, again, async (page) => {
          isBegun = true;
          await this.#visit(page, visitor);
        });
        return { visitor, pages };
      } catch (error) {
        // A later page may have gone, as where a service forgets what it named: the first one has not.
        const mayPass = isBegun && error instanceof OcisignError && ofPages.test(error.code);
        if (!mayPass || walks === mostWalks) throw error;
      }
    }
  }

  async #visit(page: Reply, visitor: Visitor): Promise<void> {
    const list = readList(page, this.#read);
    for (const element of list.unreadable) {
      visitor.blind?.(element.id);
      visitor.unreadable?.(element);
    }
    for (const signing of list) {
      const seen = visitor.see(signing);
      if (seen) await seen;
    }
  }
}

/** A request as text: it takes a fifth of the memory that its parts do. */
export function packed(signing: Signing): string {
  return JSON.stringify(signing);
}

/** The request again. */
export function unpacked(text: string): Signing {
  return JSON.parse(text);
}
