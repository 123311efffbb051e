import { isOnCalendar } from "../instant.ts";

/**
 * A time as ISO 8601 writes it. Of any other text it is no time, whatever `Date` makes of it, or nobody would see the
 * text: "Release 1" is a day of 2001 to some browsers.
 */
const written = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i;

/** The date that a text names (RFC 3339, or with parts of it left out), or undefined. */
export function dateOf(text: unknown): Date | undefined {
  if (typeof text !== "string" || text.length > 40 || !written.test(text) || !isOnCalendar(text))
    return undefined;
  const date = new Date(text);
  return Number.isNaN(date.valueOf()) ? undefined : date;
}
