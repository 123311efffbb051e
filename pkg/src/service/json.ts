// JSON as the service speaks it.
import { fail } from "../error.ts";

/** The JSON of what a caller passes. */
export function toJson(value: unknown, doing: string): string {
  const text = stringified(value);
  if (text !== undefined) return text;
  throw fail("bad-input", `${doing}: this has no JSON form.`, "Pass plain data.");
}

/**
 * A copy of what a caller passes, made before anything is awaited: meanwhile, the caller may go on to change it. A
 * getter is asked once.
 */
export function plainCopy(value: unknown, doing: string): unknown {
  return JSON.parse(toJson(value, doing));
}

/** Undefined for what has no JSON form; a cycle or a getter may throw. */
function stringified(value: unknown): string | undefined {
  try {
    const text = JSON.stringify(value);
    // Looking at each number takes several times as long, and none was lost where there is no null.
    return /null/.test(text) ? JSON.stringify(value, finite) : text;
  } catch {
    return undefined;
  }
}

/** `JSON.stringify` makes null of a number that is none, and of one that is too large: another value than was shown. */
function finite(_: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError();
  return value;
}
