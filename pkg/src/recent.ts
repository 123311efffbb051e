// The values that were used last. A map keeps its order, so that the first of it is the one that was used the longest ago.

/** Keeps no more than `most` values, each under a text. */
export class Recent<Value> {
  #values = new Map<string, Value>();
  #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(name: string): Value | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    this.#values.delete(name);
    this.#values.set(name, value);
    return value;
  }

  set(name: string, value: Value): void {
    this.#values.delete(name);
    this.#values.set(name, value);
    for (const [first] of this.#values) {
      if (this.#values.size <= this.#most) return;
      this.#values.delete(first);
    }
  }

  names(): Iterable<string> {
    return this.#values.keys();
  }

  delete(name: string, value: Value): void {
    if (this.#values.get(name) === value) this.#values.delete(name);
  }
}
