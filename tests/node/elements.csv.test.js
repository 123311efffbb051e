// Does the page write tables as the command line does, whose library knows what spreadsheets compute?
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/shown/csv.ts")} */
const { csvRow, guarded } = await importSource("pkg/src/shown/csv.ts");

/** As cli/report/csv.ts calls it. @param {(string | number)[]} cells */
const asLibrary = (cells) =>
  stringify([cells.map((cell) => (typeof cell === "string" ? guarded(cell) : cell))], {
    ...{ escape_formulas: true, quoted_match: /[;\t\r\n]/, record_delimiter: "windows" },
  });

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
    for (const rest of ["", "1+1", "a;b", 'HYPERLINK("x","y")', "a,b", 'a"b', "a\r\nb"]) {
      const cells = [start + rest, "x", 7];
      assert.equal(csvRow(cells), asLibrary(cells), JSON.stringify(cells));
      const [read] = parse(csvRow(cells));
      assert.equal(read[0].replace(/^'(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/, ""), cells[0]);
      assert.doesNotMatch(read[0], /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/);
    }
  }
});

test("what stands behind a semicolon is guarded, too: a spreadsheet may divide there", () => {
  for (const start of ["=", "+", "-", "@", "\uff1d", ' "=', "\t@"]) {
    const [[first = ""]] = parse(csvRow([`a;${start}1`]));
    assert.equal(first, `a;'${start}1`);
  }
});
