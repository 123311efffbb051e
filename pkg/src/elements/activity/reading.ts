// Reads all requests once, and keeps what a look back needs of each: a request itself may be long.

import type { ReactiveControllerHost } from "lit";
import type { SigningClient } from "ocisign";
import { foldedId } from "../../service/same-id.ts";
import { type Course, courseOf } from "../../shown/activity.ts";
import { asText } from "../../shown/as-text.ts";
import { Pages } from "../approvals/pages.ts";
import type { OcisignElement } from "../base.ts";

type Host = ReactiveControllerHost & Pick<OcisignElement, "fail" | "emit">;

/** A reactive controller. */
export class ActivityReading {
  /** All that were read. Another list after each reading. */
  courses: readonly Course[] = [];
  /** The names of products, by key. */
  names: ReadonlyMap<string, string> = new Map();
  /** How many could not be read. */
  unreadable = 0;
  /** When the list was read whole. */
  readAt: Date | undefined = undefined;
  isReading = false;
  /** How many are read, while they are read. */
  count = 0;
  #client: SigningClient | undefined = undefined;
  #run: AbortController | undefined = undefined;
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected() {
    if (this.#client && !this.readAt && !this.isReading) this.again();
  }

  hostDisconnected() {
    this.#run?.abort();
    this.isReading = false;
  }

  /** Reads by another client; nothing of the one before stays. */
  use(client: SigningClient | undefined) {
    this.#client = client;
    this.courses = [];
    this.names = new Map();
    this.unreadable = 0;
    this.readAt = undefined;
    this.again();
  }

  async again() {
    this.#run?.abort();
    this.#run = new AbortController();
    const { signal } = this.#run;
    this.isReading = this.#client !== undefined;
    this.count = 0;
    this.#host.requestUpdate();
    if (!this.#client) return;
    try {
      // What the names could not be read with does not keep anybody from the figures.
      const [courses] = await Promise.all([this.#courses(this.#client, signal), this.#names(signal)]);
      if (!signal.aborted) this.courses = courses;
    } catch (error) {
      if (!signal.aborted) this.#host.fail(error);
    }
    if (signal.aborted) return;
    this.isReading = false;
    this.#host.requestUpdate();
  }

  async #courses(client: SigningClient, signal: AbortSignal): Promise<Course[]> {
    const walk = new Pages(client).walk();
    // A list that moves shows a request twice: the last reading counts.
    const courses = new Map<string, Course>();
    while (!walk.done && !signal.aborted) {
      for (const signing of await walk.next(signal)) {
        courses.set(foldedId(signing.id), courseOf(signing, client.profile));
      }
      this.count = courses.size;
      this.#host.requestUpdate();
    }
    if (!signal.aborted) {
      this.unreadable = walk.unreadable.length;
      this.readAt = new Date();
    }
    return [...courses.values()];
  }

  async #names(signal: AbortSignal) {
    try {
      const products = (await this.#client?.products({ signal })) ?? [];
      if (signal.aborted) return;
      this.names = new Map(products.map(({ id, name }) => [foldedId(id), asText(name)]));
    } catch (error) {
      if (!signal.aborted) this.#host.emit("ocisign-error", { error });
    }
  }
}
