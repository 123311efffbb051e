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

/** A field of anything at all; nothing of null and undefined. A getter or a proxy may throw. */
export function fieldOf(value: unknown, name: string): unknown {
  return value === undefined || value === null ? undefined : Reflect.get(Object(value), name, value);
}

/** Has it a method of this name? */
export function hasMethod<Name extends string>(
  value: unknown,
  name: Name,
): value is { [Key in Name]: (...given: unknown[]) => unknown } {
  return typeof fieldOf(value, name) === "function";
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}
