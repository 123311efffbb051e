// A filter of requests, as a query.
import { fail } from "../error.ts";

/** `?a=1&b=2` from `{ a: 1, b: "2" }`; fields that are undefined are left out. */
export function queryOf(filter: unknown = {}): string {
  // A map or a list has no fields, and would filter nothing.
  if (typeof filter !== "object" || filter === null || Symbol.iterator in filter) {
    throw fail("bad-input", "The filter is not an object.", "Pass an object, or leave it out.");
  }
  const search = new URLSearchParams();
  const fields: [string, unknown][] = Object.entries(filter);
  for (const [key, value] of fields) {
    if (value === undefined) continue;
    if (typeof value !== "string" && !isCount(value)) {
      const message = `The filter's ${key} is neither text nor a whole number.`;
      throw fail("bad-input", message, "Pass one of the two.");
    }
    search.set(key, String(value));
  }
  // Forms write a space so; not every service reads a query as a form.
  const text = search.toString().replaceAll("+", "%20");
  return text && `?${text}`;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
