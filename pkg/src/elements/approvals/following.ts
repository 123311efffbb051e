// Keeps the queue as the service has it: reads all of it, and then its beginning again and again.

import type { ReactiveControllerHost } from "lit";
import type { SigningClient } from "ocisign";
import { foldedId } from "../../service/same-id.ts";
import { asText } from "../../shown/as-text.ts";
import type { NameSources } from "../../shown/names.ts";
import type { OcisignElement } from "../base.ts";
import { pause } from "../controllers/pause.ts";
import { Watching } from "../controllers/watching.ts";
import type { Identity } from "../portal.ts";
import type { ProductNames } from "./arranging.ts";
import { Pages, type Part, type Walk } from "./pages.ts";
import { Queue } from "./queue.ts";

/** In milliseconds: the pause after a change, and the longest one. */
const pauses = { first: 5000, longest: 15_000 };

type Host = ReactiveControllerHost & Pick<OcisignElement, "emit" | "fail">;

const nothing: Part = { signings: [], unreadable: [], count: 0 };

/** Lets the page do what waits; what was read is taken to the end nevertheless when nobody waits for it any more. */
function breathe(signal: AbortSignal) {
  return () => (signal.aborted ? Promise.resolve() : pause(0, signal));
}

/** A reactive controller. */
export class Following {
  queue = new Queue();
  /** The names of products, by key. */
  names: ProductNames = new Map();
  /** Why the names of products could not be read. */
  namesProblem: unknown = undefined;
  /** The walk through all requests that is under way, or the last one. */
  walk: Walk | undefined = undefined;
  readonly watching: Watching<boolean>;
  #client: SigningClient | undefined;
  #pages: Pages | undefined;
  #wantsNames = false;
  /** Where the next look at older requests begins; 0 when there are none. */
  #turn = 0;
  #host: Host;

  constructor(host: Host) {
    this.#host = host;
    this.watching = new Watching(host, {
      ...pauses,
      look: (signal) => this.#look(signal),
      seen: (changed) => ({ changed, done: false }),
      failed: (error) => host.fail(error),
    });
  }

  /** Follows another service. */
  follow(client: SigningClient | undefined, person: Identity | undefined, names: NameSources) {
    this.queue = new Queue(person, names);
    this.names = new Map();
    this.namesProblem = undefined;
    this.#client = client;
    this.#pages = client && new Pages(client);
    this.watching.stop();
    this.watching.seenAt = undefined;
    this.walk = undefined;
    this.refresh();
  }

  /** Reads all again. */
  refresh() {
    if (!this.#pages) return;
    this.walk = this.#pages.walk();
    this.#turn = 0;
    this.#wantsNames = true;
    this.watching.start();
  }

  /** Goes on after an error, from where it stopped. */
  goOn() {
    this.#wantsNames ||= this.namesProblem !== undefined;
    this.watching.start();
  }

  /** All was read, at least once since the last refresh. */
  get isComplete() {
    return this.walk?.done ?? false;
  }

  /** All is being read, or waits to be. */
  get isReading() {
    return this.walk !== undefined && !this.isComplete && this.watching.state !== "failed";
  }

  #look(signal: AbortSignal) {
    // Not waited for: without the names there are ids to show.
    if (this.#wantsNames) this.#readNames(signal);
    return this.isComplete ? this.#lookAgain(signal) : this.#readAll(signal);
  }

  async #readAll(signal: AbortSignal) {
    const { walk, queue } = this;
    while (walk && !walk.done) {
      const from = walk.count;
      const some = await walk.next(signal);
      if (signal.aborted) return false;
      await queue.takeCalmly(some, breathe(signal), from);
      queue.takeUnreadable(walk.unreadable, 0, walk.count);
      if (walk.done) queue.keep(walk.seen, walk.unreadable);
      this.#host.requestUpdate();
    }
    return true;
  }

  /** Looks at the newest ones, and at some of the older ones in turn: among those something may wait as well. */
  async #lookAgain(signal: AbortSignal) {
    const { queue } = this;
    const newest = await this.#page(0, signal);
    const isAll = newest.count >= queue.size;
    const from = Math.max(this.#turn, newest.count);
    const older = isAll ? nothing : await this.#page(from, signal);
    if (signal.aborted) return false;
    this.#turn = older.count === 0 ? 0 : from + older.count;
    const before = queue.revision;
    await queue.takeCalmly(newest.signings, breathe(signal));
    queue.takeUnreadable(newest.unreadable, 0, newest.count);
    await queue.takeCalmly(older.signings, breathe(signal));
    queue.takeUnreadable(older.unreadable, from, older.count);
    const changed = queue.revision !== before;
    if (changed) this.#host.requestUpdate();
    return changed;
  }

  async #page(offset: number, signal: AbortSignal) {
    return (await this.#pages?.page(offset, signal)) ?? nothing;
  }

  async #readNames(signal: AbortSignal) {
    try {
      const products = (await this.#client?.products({ signal })) ?? [];
      if (signal.aborted) return;
      this.names = new Map(products.map(({ id, name }) => [foldedId(id), asText(name)]));
      this.namesProblem = undefined;
    } catch (error) {
      // Then the next look asks for them.
      if (signal.aborted) return;
      this.namesProblem = error;
      this.#host.emit("ocisign-error", { error });
    }
    this.#wantsNames = false;
    this.#host.requestUpdate();
  }
}
