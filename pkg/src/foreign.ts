// Foreign values: whatever a caller, a service or a registry hands over. Nothing is known of them until they were read.

/** An object of which nothing is known yet. */
export type Fields = { readonly [name: string]: unknown };

/** A plain object: no list, and not null. */
export function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list of which nothing is known but that it is one. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A copy of a list of no more than `most` elements. A proxy that throws is no list. */
export function copyOfList(value: unknown, most: number): unknown[] | undefined {
  try {
    return Array.isArray(value) && value.length <= most ? [...value] : undefined;
  } catch {
    return undefined;
  }
}

/** A field of anything at all; nothing of null and undefined. A getter or a proxy may throw. */
export function fieldOf(value: unknown, name: string): unknown {
  return value === undefined || value === null ? undefined : Reflect.get(Object(value), name, value);
}

/** Has it a method of this name? What throws when it is asked has none. */
export function hasMethod<Name extends string>(
  value: unknown,
  name: Name,
): value is { [Key in Name]: (...given: unknown[]) => unknown } {
  try {
    return typeof fieldOf(value, name) === "function";
  } catch {
    return false;
  }
}

/** Is it one of these? A revoked proxy throws even here: it is none. */
export function isA<T>(value: unknown, kind: abstract new (...given: never) => T): value is T {
  try {
    return value instanceof kind;
  } catch {
    return false;
  }
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** No honest value is nested so deeply. Whoever walks along a deeper one overflows the stack, as `JSON.stringify` does. */
const deepest = 100;

/** Is it nested too deeply to be walked along? A value that contains itself is, too. Takes plain data. */
export function isTooDeep(value: unknown): boolean {
  let level = new Set([value]);
  for (let depth = 0; depth <= deepest && level.size > 0; depth += 1) {
    // Each once, or values that share their parts would double at each level.
    const next = new Set<unknown>();
    for (const it of level) {
      if (typeof it !== "object" || it === null) continue;
      // What stands there is not known yet.
      for (const part of Object.values(it) as unknown[]) if (typeof part === "object") next.add(part);
    }
    level = next;
  }
  return level.size > 0;
}
