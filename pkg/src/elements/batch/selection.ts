// Which requests a decision is about: those that were read, without what the person leaves out. Whatever is left out, the
// hash is over the rest, as it was read.

import type { ReactiveControllerHost } from "lit";
import {
  changesBetween,
  partOfBatch,
  type RequestChange,
  readBatch,
  type ShownBatch,
  type Signing,
  type SigningClient,
  type SigningId,
} from "ocisign";
import { foldedId } from "../../service/same-id.ts";
import { Slices } from "../../slices.ts";
import { taken } from "../model/depth.ts";
import { codeOf } from "../model/errors.ts";
import { type Arranged, arranged, type Row } from "./arranged.ts";

/** What to read. */
export type Wanted = { readonly batch: string } | { readonly ids: readonly SigningId[] };

interface Host extends ReactiveControllerHost {
  readonly client: SigningClient | undefined;
  /** Something else is chosen now. */
  chosen(): void;
  /** All of it was read. */
  wasRead(): void;
  fail(error: unknown): void;
}

/** A reactive controller. */
export class Selection {
  /** All that was read. */
  whole: ShownBatch | undefined = undefined;
  readAt: Date | undefined = undefined;
  /** What is left out of it, by key. */
  out: ReadonlySet<string> = new Set();
  /** What changed since it was read before, by key. */
  changed: ReadonlyMap<string, readonly RequestChange[]> = new Map();
  /** What is left; undefined while its hash is made, and where nothing is left. */
  part: ShownBatch | undefined = undefined;
  /** That part, as it is drawn: both are there at the same time. */
  arranged: Arranged | undefined = undefined;
  isReading = false;
  /** All that was read, as it is drawn. */
  #rows: readonly Row[] = [];
  #host;
  #run: AbortController | undefined = undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected() {
    this.#run?.abort();
  }

  get isChoosing() {
    return this.whole !== undefined && this.part === undefined && this.left.length > 0;
  }

  /** Those that are not left out. */
  get left(): SigningId[] {
    return this.#ids((key) => !this.out.has(key));
  }

  /** Those that are left out, as they are drawn. */
  get outRows(): Row[] {
    return this.#rows.filter(({ key }) => this.out.has(key));
  }

  clear() {
    this.#run?.abort();
    this.whole = this.part = this.readAt = undefined;
    this.arranged = undefined;
    this.out = new Set();
    this.#rows = [];
    this.changed = new Map();
    this.isReading = false;
  }

  async read(wanted: Wanted) {
    const { client } = this.#host;
    if (!client) return;
    this.#run?.abort();
    const run = new AbortController();
    this.#run = run;
    this.isReading = true;
    this.#host.requestUpdate();
    try {
      const { signal } = run;
      const whole = await readBatch(client, wanted, { signal });
      const slices = new Slices();
      await slices.map(whole.requests, ({ signing }) => check(signing));
      const changed = await changesIn(this.whole, whole, slices);
      const drawn = await arranged(whole);
      if (signal.aborted) return;
      // Whatever was left out has to be looked at once more: it may be another thing by now.
      this.out = new Set();
      this.whole = this.part = whole;
      this.arranged = drawn;
      this.#rows = drawn.rows;
      this.changed = changed;
      this.readAt = new Date();
      this.#host.wasRead();
    } catch (error) {
      if (this.#run === run && codeOf(error) !== "aborted") this.#host.fail(error);
    } finally {
      if (this.#run === run) this.isReading = false;
      this.#host.requestUpdate();
    }
  }

  async leaveOut(keys: readonly string[]) {
    await this.#choose(new Set([...this.out, ...keys]));
  }

  async takeIn(keys: readonly string[]) {
    await this.#choose(new Set([...this.out].filter((key) => !keys.includes(key))));
  }

  async #choose(out: ReadonlySet<string>) {
    const { client } = this.#host;
    const { whole } = this;
    if (!client || !whole) return;
    this.out = out;
    this.part = undefined;
    this.#host.requestUpdate();
    const { left } = this;
    try {
      const part = left.length === 0 ? undefined : await partOfBatch(client, whole, left);
      const drawn = part && (await arranged(part));
      // Meanwhile the person may have left out more.
      if (this.out !== out || this.whole !== whole) return;
      this.part = part;
      this.arranged = drawn;
    } catch (error) {
      if (this.out !== out || this.whole !== whole) return;
      this.#host.fail(error);
    }
    this.#host.chosen();
    this.#host.requestUpdate();
  }

  #ids(isMeant: (key: string) => boolean): SigningId[] {
    return (this.whole?.requests ?? [])
      .map(({ signing }) => signing.id)
      .filter((id) => isMeant(foldedId(id)));
  }
}

/** A reply that is nested too deeply is refused, as anywhere on the page. */
function check(signing: Signing) {
  taken(signing);
}

async function changesIn(
  before: ShownBatch | undefined,
  now: ShownBatch,
  slices: Slices,
): Promise<Map<string, readonly RequestChange[]>> {
  const known = new Map((before?.requests ?? []).map(({ signing }) => [foldedId(signing.id), signing]));
  const found = await slices.map(now.requests, ({ signing }) => {
    const key = foldedId(signing.id);
    const seen = known.get(key);
    return [key, seen ? changesBetween(seen, signing) : []] as const;
  });
  return new Map(found.filter(([, changes]) => changes.length > 0));
}
