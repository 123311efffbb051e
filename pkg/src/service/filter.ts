// A filter of requests, as a query.
import { harmless } from "../core.ts";
import { fail } from "../error.ts";
import { isRecord } from "../foreign.ts";
import { plainFields } from "../options.ts";

/** No service has more filters. */
const mostFields = 100;

/** `?a=1&b=2` from `{ a: 1, b: "2" }`; fields that are undefined are left out. */
export function queryOf(filter: unknown): string {
  const fields = plainFields(filter);
  if (!isRecord(fields)) {
    throw fail("bad-input", "The filter is not an object.", "Pass an object, or leave it out.");
  }
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (given.length > mostFields) {
    throw fail("bad-input", `The filter has more than ${mostFields} fields.`, "Filter by fewer.");
  }
  const search = new URLSearchParams();
  for (const [key, value] of given) {
    if (typeof value !== "string" && !isCount(value)) {
      const message = `The filter's \`${harmless(key)}\` is neither text nor a whole number.`;
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
