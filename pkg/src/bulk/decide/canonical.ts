// One text for each JSON value: the JSON Canonicalization Scheme (RFC 8785). Fields stand in the order of their names'
// UTF-16 code units, without white space; texts and numbers as `JSON.stringify` writes them, which is that scheme's rule.
// Two values that are not equal have two texts: a number that JSON has no text for is refused, and not written as null.
import { fail } from "../../error.ts";
import { isList, isRecord } from "../../foreign.ts";

/**
 * @param value plain data that is not nested too deeply (`isTooDeep`); a field that is undefined is left out
 * @throws {OcisignError} `bad-input`
 */
export function canonicalJson(value: unknown): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw fail("bad-input", "A number is too large for JSON.", "Pass what readBatch gave, as it gave it.");
  }
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(",")}}`;
}
