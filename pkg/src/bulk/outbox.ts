// What is told to the one who reads: outcomes in the order in which they come, and in the end an error, if there is one.

/** Between those who work and the one who reads. */
export class Outbox<T> {
  #items: T[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake = () => {};
  #left = () => {};
  #isLeft: Promise<void> | undefined;
  /** What will be put in soon. */
  #expected = 0;
  readonly #most: number;

  /** @param most so many may wait to be read before the work pauses */
  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.#items.length + this.#expected >= this.#most;
  }

  /** Something will be put in. */
  expect(): void {
    this.#expected += 1;
  }

  /** Puts in what was expected. */
  put(item: T): void {
    this.#expected -= 1;
    this.#items.push(item);
    this.#wake();
  }

  /** Nothing comes any more. */
  close(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end;
    this.#wake();
  }

  /** Resolves when there is room for more. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.isFull && !signal.aborted) {
      this.#isLeft ??= new Promise((resolve) => {
        this.#left = resolve;
      });
      await this.#isLeft;
    }
  }

  /** The next that comes; nothing at the end. At once, if it is there. @throws what it was closed with */
  next(): T | undefined | Promise<T | undefined> {
    const item = this.#items.shift();
    if (item !== undefined) {
      this.release();
      return item;
    }
    if (!this.#end) return this.#coming();
    if ("error" in this.#end) throw this.#end.error;
    return undefined;
  }

  /** All that comes; throws what it was closed with. */
  async *read(): AsyncGenerator<T, void, undefined> {
    for (let next = await this.next(); next !== undefined; next = await this.next()) yield next;
  }

  async #coming(): Promise<T | undefined> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    return this.next();
  }

  /** Lets those go on who wait for room: they look again. */
  release(): void {
    this.#isLeft = undefined;
    this.#left();
  }
}
