// Options that a caller passes. They are copied once, at the door: what is checked is then what is used.
import { harmless } from "./core.ts";
import { fail } from "./error.ts";
import { type Fields, fieldOf, hasMethod } from "./foreign.ts";

/** A caller's options, of which only the names are known so far. */
export type Given<Name extends string> = { [Key in Name]?: unknown };

/**
 * A copy of the known fields. A field with a typing mistake must not be passed over in silence, so an unknown one is
 * refused.
 */
export function checkOptions<Name extends string>(
  options: unknown,
  known: readonly Name[],
  name = "options",
): Given<Name> {
  const given = fieldsOf(options, known);
  if (!given) throw fail("bad-input", `${name} is not an object.`, "Pass an object with named fields.");
  if (given.unknown === undefined) return given.fields;
  const message = `${name} has the unknown field \`${harmless(given.unknown)}\`.`;
  throw fail("bad-input", message, `Use one of the known fields: ${known.join(", ")}.`);
}

/** A copy of options that are passed on to functions which check each field themselves. */
export function passedOn<Options extends object>(
  options: Options,
  known: readonly (keyof Options & string)[],
): Options {
  // They are what the caller's types promise, until a function looks.
  return checkOptions(options, known) as Options;
}

/** A copy of all fields of an object whose fields may have any name; undefined for what has no fields. */
export function plainFields(options: unknown): Fields | undefined {
  try {
    return isPlain(options) ? { ...Object(options) } : undefined;
  } catch {
    // A revoked proxy throws at every touch.
    return undefined;
  }
}

/** A list, a map, bytes, or a promise that nobody awaited have no fields of ours, and would say nothing. */
function isPlain(options: unknown): boolean {
  return Object.prototype.toString.call(options) === "[object Object]";
}

/** A copy of an object's known fields, and the name of an unknown one. */
function fieldsOf<Name extends string>(options: unknown, known: readonly Name[]) {
  try {
    if (!isPlain(options)) return undefined;
    const names: readonly string[] = known;
    const unknown = Object.keys(Object(options)).find((key) => !names.includes(key));
    const fields: Given<Name> = {};
    for (const key of known) fields[key] = fieldOf(options, key);
    return { unknown, fields };
  } catch {
    // A revoked proxy throws at every touch.
    return undefined;
  }
}

/** A number above zero that may be left out. */
export function positive<Key extends string>(options: Given<Key>, key: Key): number | undefined {
  const value: unknown = options[key];
  if (value === undefined || (typeof value === "number" && value > 0)) return value;
  throw fail("bad-input", `${key} is not a number above 0.`, "Pass a positive number, or leave it out.");
}

/** A whole number above zero that may be left out. */
export function count<Key extends string>(options: Given<Key>, key: Key): number | undefined {
  const value = positive(options, key);
  if (value === undefined || (Number.isInteger(value) && value < 2 ** 32)) return value;
  throw fail("bad-input", `${key} is not a whole number.`, "Pass a whole number above 0.");
}

/** A function that may be left out. What it takes and returns, only a call can show. */
export function optionalFunction<F extends (...given: never) => unknown, Key extends string = string>(
  options: Given<Key>,
  key: Key,
): F | undefined {
  const value: unknown = options[key];
  if (value === undefined || isFunction<F>(value)) return value;
  throw fail("bad-input", `${key} is not a function.`, "Pass a function, or leave it out.");
}

function isFunction<F>(value: unknown): value is F {
  return typeof value === "function";
}

/** A text that may be left out. */
export function optionalText<Key extends string>(
  options: Given<Key>,
  key: Key,
  name = "",
): string | undefined {
  const value: unknown = options[key];
  if (value === undefined || typeof value === "string") return value;
  throw fail("bad-input", `${name}${key} is not a string.`, "Pass a string, or leave it out.");
}

/** A switch that may be left out. What is not `undefined` counts as JavaScript counts it. */
export function isOn<Key extends string>(options: Given<Key>, key: Key): boolean {
  return Boolean(options[key]);
}

/** An abort signal that may be left out; one of another realm or library will do. */
export function optionalSignal<Key extends string>(options: Given<Key>, key: Key): AbortSignal | undefined {
  const value: unknown = options[key];
  if (value === undefined || isSignal(value)) return value;
  throw fail("bad-input", `${key} is not an AbortSignal.`, "Pass controller.signal, or leave it out.");
}

function isSignal(value: unknown): value is AbortSignal {
  return hasMethod(value, "addEventListener");
}
