// A table for spreadsheets (RFC 4180). csv-stringify writes it: it is maintained, under MIT, and knows the beginnings
// that a spreadsheet takes for a formula. Such a cell begins with an apostrophe. What
// stands behind a semicolon is guarded in the same way (`shown/csv.ts`).
import { stringify } from "csv-stringify/sync";
import { guarded } from "../../shown/csv.ts";
import { visible } from "../../shown/visible.ts";
import { type ReportEntry, whyOf } from "./entry.ts";
import type { Format } from "./format.ts";

const columns = [
  ...(["index", "line", "reference", "state", "was", "id", "keys", "code", "message", "fix"] as const),
];

export function csv(): Format {
  return { head: () => row(columns), entry: (entry) => row(cellsOf(entry)), tail: "" };
}

function cellsOf(entry: ReportEntry): readonly (string | number)[] {
  const { index, line = "", reference, state, was = "", id = "", verification } = entry;
  const { code, message, fix } = whyOf(entry);
  const texts = [reference, state, was, id, verification?.keys.join(" ") ?? "", code, message, fix];
  return [index, line, ...texts.map((text) => guarded(visible(text)))];
}

function row(cells: readonly (string | number)[]): string {
  return stringify([[...cells]], {
    escape_formulas: true,
    quoted_match: /[;\t\r\n]/,
    record_delimiter: "windows",
  });
}
