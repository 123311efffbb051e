// Which requests a decision is about: those that were read, without what the person leaves out. Whatever is left out, the
// hash is over the rest, as it was read.

import type { ReactiveControllerHost } from "lit";
import {
  changesBetween,
  partOfBatch,
  type RequestChange,
  readBatch,
  type ShownBatch,
  type SigningClient,
  type SigningId,
} from "ocisign";
import { foldedId } from "../../service/same-id.ts";
import { taken } from "../model/depth.ts";
import { codeOf } from "../model/errors.ts";

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
  isReading = false;
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

  clear() {
    this.#run?.abort();
    this.whole = this.part = this.readAt = undefined;
    this.out = new Set();
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
      if (signal.aborted) return;
      // Whatever was left out has to be looked at once more: it may be another thing by now.
      this.out = new Set();
      const before = this.whole;
      this.whole = this.part = checked(whole);
      this.changed = changesIn(before, whole);
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
      // Meanwhile the person may have left out more.
      if (this.out === out && this.whole === whole) this.part = part;
    } catch (error) {
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
function checked(whole: ShownBatch): ShownBatch {
  for (const { signing } of whole.requests) taken(signing);
  return whole;
}

function changesIn(before: ShownBatch | undefined, now: ShownBatch): Map<string, readonly RequestChange[]> {
  const known = new Map((before?.requests ?? []).map(({ signing }) => [foldedId(signing.id), signing]));
  return new Map(
    now.requests.flatMap(({ signing }) => {
      const key = foldedId(signing.id);
      const seen = known.get(key);
      const changes = seen ? changesBetween(seen, signing) : [];
      return changes.length > 0 ? [[key, changes] as const] : [];
    }),
  );
}
