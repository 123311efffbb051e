// Does the page write tables as the command line does, whose library knows what spreadsheets compute?
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/shown/csv.ts")} */
const { csvRow } = await importSource("pkg/src/shown/csv.ts");

/** @param {(string | number)[]} cells */
const asLibrary = (cells) => stringify([cells], { escape_formulas: true, record_delimiter: "windows" });

const starts = [
  "=",
  "+",
  "-",
  "@",
  "\t",
  "\r",
  "\uff1d",
  "\uff0b",
  "\uff0d",
  "\uff20",
  "'",
  " ",
  "a",
  '"',
  ",",
  "\n",
  "",
];

test("every beginning that a spreadsheet may compute is guarded, as by the library", () => {
  for (const start of starts) {
    for (const rest of ["", "1+1", 'HYPERLINK("x","y")', "a,b", 'a"b', "a\r\nb"]) {
      const cells = [start + rest, "x", 7];
      // The library leaves a lone CR or LF without quotes, where its own lines end in both.
      if (!/[\r\n]/.test(start)) assert.equal(csvRow(cells), asLibrary(cells), JSON.stringify(cells));
      const [read] = parse(csvRow(cells));
      assert.equal(read[0].replace(/^'(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/, ""), cells[0]);
      assert.doesNotMatch(read[0], /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/);
    }
  }
});
