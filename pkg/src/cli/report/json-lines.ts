// A JSON object a line. Texts of services go out exactly as they came: who parses a line gets every character. What a
// terminal would obey is escaped, as JSON may.
import { visibleJsonLine } from "../../shown/visible.ts";
import type { Format } from "./format.ts";

export function jsonLines(): Format {
  return { head: () => "", entry: (entry) => `${visibleJsonLine(entry)}\n`, tail: "" };
}
