// Where the client finds the part that applies all of a profile (shape/). It is loaded when a profile needs it, and is at
// hand in a runtime that loads everything at once.
import type { Link } from "../http/link.ts";
import type { Settings, Task } from "./call.ts";
import type { SigningClient } from "./client.ts";
import type { RouteName, WholeProfile } from "./profile.ts";
import type { Reply } from "./reply.ts";
import type { SigningRequestBody } from "./request.ts";
import type { RequestedSigning } from "./signing.ts";

/** The routes that give lists. */
export type ListName = "products" | "signings";

/** How a service speaks: calls go out in its words, and replies come back in ours. */
export interface Shape {
  /** One call. */
  call(route: RouteName, id: string, task: Task): Promise<Reply>;
  /** Posts a request for the signature of a digest. */
  requestDigest(task: Task): Promise<Reply>;
  /**
   * A list: all of it, or the page that the query names with `limit` and `offset`.
   *
   * @param task with the list's URL, without a query
   * @param first its first page, if it was read already
   */
  list(name: ListName, task: Task, search: string, first?: Reply): Promise<Reply>;
  /**
   * All signing requests, page by page: nothing of a page is kept but its ids.
   *
   * @param again makes the call for one page, as often as that needs
   * @param take what stands on a page, and on no page before it
   * @returns how many pages had something on them
   */
  walk(doing: string, again: Again, take: (page: Reply) => Promise<void>): Promise<number>;
}

/** Makes a call, as often as that needs. */
export type Again = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/** Reads a profile to its end. @throws {OcisignError} `bad-profile`, naming the place. */
export type MakeShape = (profile: WholeProfile, baseUrl: string, settings: Settings) => Shape;

/** Filled by the entry of each runtime. */
export const shapes = {} as {
  /** At hand without waiting. */
  make?: MakeShape;
  /** The one of a client. */
  of: (client: SigningClient, signal?: AbortSignal) => Promise<Shape>;
  /** Posts a body that was built, and checked, before. */
  post: (client: SigningClient, body: SigningRequestBody, signal: AbortSignal) => Promise<RequestedSigning>;
  load: () => Promise<MakeShape>;
  /** A filter as a query (filter.ts), which few pages need. */
  queryOf: (filter: unknown) => Promise<string>;
  /** Reads the header `Link`, which is known to the part that reads registries. */
  linksIn: (header: string) => Promise<readonly Link[] | undefined>;
};
