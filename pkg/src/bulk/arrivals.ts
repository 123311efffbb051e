// What comes from several workers, handed on in the order in which it comes.

export class Arrivals<Item> {
  readonly #items: Item[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake = () => {};

  add(item: Item): void {
    this.#items.push(item);
    this.#wake();
  }

  /** Nothing more comes. @param end with `error`, the reader is told so */
  end(end: { readonly error?: unknown }): void {
    this.#end = end;
    this.#wake();
  }

  /** For one reader. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for (;;) {
      for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) yield item;
      if (this.#end) {
        if ("error" in this.#end) throw this.#end.error;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
