// What several things have in common, and what tells them apart: by keys that each of them may have, such as the paths of
// requests, or the rows that a person sees of them. The command line and the elements have it, too.
import type { Slices } from "../../slices.ts";

/** A key whose value is not the same everywhere. */
export interface Apart<Value> {
  readonly key: string;
  /** How many values it has, an absent one included. */
  readonly values: number;
  /** What stands there in more than half of them; undefined where no value does. */
  readonly usual: { readonly value: Value | undefined; readonly count: number } | undefined;
}

export interface InCommon<Value> {
  /** What all of them have, by key, in the order of the first one. */
  readonly same: ReadonlyMap<string, Value>;
  /** By key, in the order in which keys come first. */
  readonly apart: ReadonlyMap<string, Apart<Value>>;
}

/** @param textOf tells two values apart */
export function inCommon<Value>(
  all: readonly ReadonlyMap<string, Value>[],
  textOf: (value: Value) => string,
): InCommon<Value> {
  const found = new Found(all, textOf);
  for (const key of found.keys) found.look(key);
  return found;
}

/** The same, in slices. */
export async function inCommonCalmly<Value>(
  all: readonly ReadonlyMap<string, Value>[],
  textOf: (value: Value) => string,
  slices: Slices,
): Promise<InCommon<Value>> {
  const found = new Found(all, textOf);
  await slices.map([...found.keys], (key) => found.look(key));
  return found;
}

class Found<Value> implements InCommon<Value> {
  readonly same = new Map<string, Value>();
  readonly apart = new Map<string, Apart<Value>>();
  readonly keys: ReadonlySet<string>;
  readonly #all;
  readonly #textOf;

  constructor(all: readonly ReadonlyMap<string, Value>[], textOf: (value: Value) => string) {
    this.#all = all;
    this.#textOf = textOf;
    const keys = new Set<string>();
    for (const one of all) for (const key of one.keys()) keys.add(key);
    this.keys = keys;
  }

  look(key: string): void {
    const counts = countsOf(this.#all, key, this.#textOf);
    const [most] = [...counts.values()].sort((one, other) => other.count - one.count);
    if (counts.size === 1 && most?.value !== undefined) this.same.set(key, most.value);
    else {
      const usual = most && most.count * 2 > this.#all.length ? most : undefined;
      this.apart.set(key, { key, values: counts.size, usual });
    }
  }
}

/** By its text: a value, and how often it stands there. */
function countsOf<Value>(
  all: readonly ReadonlyMap<string, Value>[],
  key: string,
  textOf: (value: Value) => string,
) {
  const counts = new Map<string | undefined, { value: Value | undefined; count: number }>();
  for (const one of all) {
    const value = one.get(key);
    const text = one.has(key) && value !== undefined ? textOf(value) : undefined;
    const known = counts.get(text);
    if (known) known.count += 1;
    else counts.set(text, { value, count: 1 });
  }
  return counts;
}

/** The keys in which one of them is not as usual, in their order. */
export function unusualIn<Value>(
  one: ReadonlyMap<string, Value>,
  { apart }: InCommon<Value>,
  textOf: (value: Value) => string,
): string[] {
  const text = (value: Value | undefined) => (value === undefined ? undefined : textOf(value));
  return [...apart.values()]
    .filter(({ key, usual }) => !usual || text(usual.value) !== text(one.get(key)))
    .map(({ key }) => key);
}
