// From when on requests are told: a time, or how long ago.
import { isOnCalendar } from "../../instant.ts";
import { readDuration } from "../duration.ts";
import { usage } from "../problem.ts";

/** A date, or a time with its zone: without one, a time means another moment on each machine. */
const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** A date or a time in milliseconds since 1970; undefined for another text, and for a day that no calendar has. */
export function instantIn(text: string): number | undefined {
  const at = instant.test(text) && isOnCalendar(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** In milliseconds since 1970. */
export function sinceOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = instantIn(text);
  if (at !== undefined) return at;
  try {
    return Date.now() - readDuration(text);
  } catch {
    const fix = "Write it as in 2h, 2026-11-29 or 2026-11-29T08:00:00Z.";
    throw usage("--since is neither a time nor a date.", fix);
  }
}
