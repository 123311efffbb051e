// Work on many things, a few at a time of each group, told in the order in which it ends.
import { follow } from "../../http/deadline.ts";

/** How much goes on at the same time. */
export interface Bounds<Item> {
  /** Things of one group wait for each other, and not for those of another. */
  readonly groupOf: (item: Item) => string;
  /** Of one group. */
  readonly atOnce: number;
  /** Of all groups together. */
  readonly mostAtOnce: number;
  /** How many are read that did not end yet: so many of a slow group hold up the others. */
  readonly ahead: number;
  /** Ends all of it. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Does some work for each item. What ended is handed on when it is asked for; until then nothing beyond the bounds
 * begins, so that memory does not grow with the items.
 *
 * When the caller leaves, or work throws, the work under way is told by its signal, and has ended before this ends. When
 * items throw, what was read before is done and handed on first.
 *
 * @throws what items or work throw first
 */
export async function* asTheyEnd<Item, Result>(
  items: AsyncIterable<Item>,
  bounds: Bounds<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const crowd = new Crowd(items, bounds, work);
  try {
    yield* crowd.results();
  } finally {
    await crowd.end();
  }
}

class Crowd<Item, Result> {
  readonly #items: AsyncIterator<Item>;
  readonly #bounds: Bounds<Item>;
  readonly #work: (item: Item, signal: AbortSignal) => Promise<Result>;
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  /** By group: how many of it are under way. */
  readonly #busy = new Map<string, number>();
  /** By group: those that were read, and wait for a place. */
  readonly #waiting = new Map<string, Item[]>();
  #waits = 0;
  /** What ended, and was not handed on yet. */
  #ended: Result[] = [];
  #failure: { readonly error: unknown } | undefined;
  #isReading = false;
  #isOver = false;
  /** What the items threw. */
  #itemsFailure: { readonly error: unknown } | undefined;
  #wake = () => {};

  constructor(
    items: AsyncIterable<Item>,
    bounds: Bounds<Item>,
    work: (item: Item, signal: AbortSignal) => Promise<Result>,
  ) {
    this.#items = items[Symbol.asyncIterator]();
    this.#bounds = bounds;
    this.#work = work;
  }

  async *results(): AsyncGenerator<Result, void, undefined> {
    const unfollow = follow(this.#bounds.signal, () => this.#fail(this.#bounds.signal?.reason));
    try {
      for (;;) {
        void this.#read();
        for (const result of this.#ended.splice(0)) yield result;
        if (this.#failure) throw this.#failure.error;
        if (this.#ended.length > 0) continue;
        if (this.#isOver && this.#underWay.size === 0) {
          if (this.#itemsFailure) throw this.#itemsFailure.error;
          return;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      unfollow();
    }
  }

  /** Ends what is under way, and waits for that. */
  async end(): Promise<void> {
    this.#stop.abort();
    this.#waiting.clear();
    await Promise.all(this.#underWay);
    if (this.#isOver) return;
    // One that is being read may never come.
    const closed = this.#items.return?.();
    if (!this.#isReading) await closed;
    else closed?.catch(() => {});
  }

  /** Reads on, as far as the bounds allow. */
  async #read(): Promise<void> {
    if (this.#isReading || this.#isOver || this.#failure) return;
    this.#isReading = true;
    try {
      while (this.#held < this.#bounds.ahead && !this.#stop.signal.aborted && !this.#failure) {
        const next = await this.#items.next();
        if (next.done) {
          this.#isOver = true;
          break;
        }
        this.#take(next.value);
      }
    } catch (error) {
      this.#isOver = true;
      this.#itemsFailure = { error };
    }
    this.#isReading = false;
    this.#wake();
  }

  get #held(): number {
    return this.#waits + this.#underWay.size + this.#ended.length;
  }

  #take(item: Item): void {
    if (this.#stop.signal.aborted) return;
    const group = this.#bounds.groupOf(item);
    if (this.#hasPlace(group)) {
      this.#begin(item, group);
      return;
    }
    const others = this.#waiting.get(group) ?? [];
    others.push(item);
    this.#waiting.set(group, others);
    this.#waits += 1;
  }

  #hasPlace(group: string): boolean {
    const { atOnce, mostAtOnce } = this.#bounds;
    return this.#underWay.size < mostAtOnce && (this.#busy.get(group) ?? 0) < atOnce;
  }

  #begin(item: Item, group: string): void {
    this.#busy.set(group, (this.#busy.get(group) ?? 0) + 1);
    const working = this.#do(item).finally(() => {
      this.#underWay.delete(working);
      const left = (this.#busy.get(group) ?? 1) - 1;
      if (left > 0) this.#busy.set(group, left);
      else this.#busy.delete(group);
      this.#admit();
      void this.#read();
      this.#wake();
    });
    this.#underWay.add(working);
  }

  async #do(item: Item): Promise<void> {
    try {
      this.#ended.push(await this.#work(item, this.#stop.signal));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Lets those begin that wait, as far as there are places. */
  #admit(): void {
    if (this.#failure || this.#stop.signal.aborted) return;
    for (const [group, items] of this.#waiting) {
      while (items.length > 0 && this.#hasPlace(group)) {
        const [item] = items.splice(0, 1) as [Item];
        this.#waits -= 1;
        this.#begin(item, group);
      }
      if (items.length === 0) this.#waiting.delete(group);
      if (this.#underWay.size >= this.#bounds.mostAtOnce) return;
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#stop.abort();
    this.#wake();
  }
}
