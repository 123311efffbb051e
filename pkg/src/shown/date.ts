import { isOnCalendar } from "../instant.ts";

/**
 * A time as ISO 8601 writes it, with its zone. Of any other text it is no time, whatever `Date` makes of it, or nobody
 * would see the text: "Release 1" is a day of 2001 to some browsers. A time without a zone, and a day alone, is another
 * moment on each machine: two approvers would read two times.
 */
const written = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** The moment that a text names (RFC 3339, or without seconds), or undefined. */
export function dateOf(text: unknown): Date | undefined {
  if (typeof text !== "string" || text.length > 40 || !written.test(text) || !isOnCalendar(text))
    return undefined;
  const date = new Date(text);
  return Number.isNaN(date.valueOf()) ? undefined : date;
}
