// The rows that the interop tests leave behind, and the table that is made of them. Each test file is a process of
// its own, so the rows go through a file.
import { appendFileSync, readFileSync } from "node:fs";
import { basename } from "node:path";

const columns = /** @type {const} */ ([
  "signer",
  "format",
  "key",
  "registry",
  "verifier",
  "expected",
  "outcome",
]);

/** @typedef {Record<typeof columns[number], string>} Row */

/** How many rows this process left. */
let added = 0;

/** @param {Row} row */
export function addRow(row) {
  const file = process.env.OCISIGN_INTEROP_ROWS;
  const by = basename(process.argv[1]);
  if (file) appendFileSync(file, `${JSON.stringify({ by, place: added++, row })}\n`);
}

/**
 * In the order of the files and their tests, also where files ran side by side.
 *
 * @param {string} file
 * @returns {Row[]}
 */
export function readRows(file) {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  /** @type {{ by: string, place: number, row: Row }[]} */
  const rows = lines.map((line) => JSON.parse(line));
  rows.sort((a, b) => a.by.localeCompare(b.by) || a.place - b.place);
  return rows.map(({ row }) => row);
}

/**
 * Fewer rows that say the same: those that differ only in their key, or only in their registry, become one.
 *
 * @param {Row[]} rows
 */
export function merge(rows) {
  return joined(joined(rows, "key"), "registry");
}

/** @param {Row[]} rows @param {keyof Row} column */
function joined(rows, column) {
  /** @type {Map<string, Row>} */
  const found = new Map();
  for (const row of rows) {
    const rest = JSON.stringify({ ...row, [column]: undefined });
    const same = found.get(rest);
    if (same) same[column] += `, ${row[column]}`;
    else found.set(rest, { ...row });
  }
  return [...found.values()];
}

/** As Markdown. @param {Row[]} rows */
export function interopTable(rows) {
  const cells = rows.map((row) => columns.map((column) => row[column].replaceAll("|", "\\|")));
  const lines = [columns, columns.map(() => "---"), ...cells];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}
