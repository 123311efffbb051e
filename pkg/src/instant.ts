// Moments that a person writes down.
import { isText } from "./foreign.ts";

/** RFC 3339, which leaves no time zone to a guess. */
const written = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** A `Date`, or a text as RFC 3339 writes it; undefined for anything else. */
export function momentOf(value: unknown): Date | undefined {
  const isDate = Object.prototype.toString.call(value) === "[object Date]";
  const isWritten = isText(value) && written.test(value) && isOnCalendar(value);
  // It is one of the two now.
  const moment = isDate || isWritten ? new Date(value as string | Date) : undefined;
  return moment && !Number.isNaN(moment.getTime()) ? moment : undefined;
}

/** Does a text begin with a day that there is? `Date` takes the 31st of February for a day in March. */
export function isOnCalendar(text: string): boolean {
  const day = text.slice(0, 10);
  const time = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day);
}
