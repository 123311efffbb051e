// How one part of two images is compared. What could not be read on one side is `unknown`, whatever the other side says:
// it is never the same.
import type { OcisignError } from "../error.ts";
import type { Change, NamedChange } from "./changes.ts";
import { withoutSecrets } from "./secret-looking.ts";
import { unknownBecause } from "./unknown.ts";

/** What was read of one image, or why it could not be read. Nothing: the image does not say it, or there is none. */
export type Read<T> =
  | { readonly value: T | undefined; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: OcisignError };

/** The image does not say it, or there is no such image. */
export const nothing: Read<never> = { value: undefined };

/** What may be shown of a value. The whole of it is kept only to be compared. */
export class Seen<T> {
  readonly shown: T;
  readonly #whole: string;

  /** @param whole tells it from every other one */
  constructor(shown: T, whole: string) {
    this.shown = shown;
    this.#whole = whole;
  }

  isSame(other: Seen<T>): boolean {
    return this.#whole === other.#whole;
  }
}

/** @param empty what is told if neither image says it */
export function changeOf<T>(before: Read<Seen<T>>, after: Read<Seen<T>>, empty: T): Change<T> {
  const error = after.error ?? before.error;
  if (error) return { state: "unknown", error };
  const [was, is] = [before.value, after.value];
  if (!was && !is) return { state: "same", value: empty };
  if (!was || !is) return oneSided(was, is);
  if (was.isSame(is)) return { state: "same", value: is.shown };
  return { state: "changed", before: was.shown, after: is.shown };
}

function oneSided<T>(was: Seen<T> | undefined, is: Seen<T> | undefined): Change<T> {
  // One of them is there.
  if (is) return { state: "added", after: is.shown };
  return { state: "removed", before: (was as Seen<T>).shown };
}

/** Values by name. One that cannot be read is an error of its own. */
export type Named<T> = ReadonlyMap<string, Read<Seen<T>>>;

/** Compares name by name, in the order of the names. */
export function namedChanges<T>(
  before: Read<Named<T>>,
  after: Read<Named<T>>,
  empty: T,
): readonly NamedChange<T>[] {
  const error = after.error ?? before.error;
  if (error) return [{ name: "", state: "unknown", error }];
  const none: Named<T> = new Map<string, Read<Seen<T>>>();
  const [was, is] = [before.value ?? none, after.value ?? none];
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names.map((name) => {
    const change = changeOf(was.get(name) ?? nothing, is.get(name) ?? nothing, empty);
    // A variable without a sign between name and value is a name.
    return { name: withoutSecrets(name), ...change };
  });
}

/**
 * Reads a part of an image. What is wrong with it stays with that part; what `unknownBecause` throws on ends all.
 *
 * @param about the image, as a message names it
 */
export async function reading<T>(about: string, read: () => Promise<T | undefined>): Promise<Read<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    return { error: unknownBecause(about, error).error };
  }
}

/** The same, at once. */
export function readingNow<T>(about: string, read: () => T | undefined): Read<T> {
  try {
    return { value: read() };
  } catch (error) {
    return { error: unknownBecause(about, error).error };
  }
}
