// Tables for spreadsheets (RFC 4180). What a spreadsheet would compute is said here once, for the page and for the command
// line, whose library knows the beginning of a cell only. A page has no room for that library: `csvRow` writes what it
// writes, and a test compares the two.

/** What a spreadsheet takes for the beginning of a formula, also in full width. */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/u;

/**
 * Where a comma stands in numbers, a spreadsheet divides cells at semicolons, and does not mind the quotes of a cell that
 * is not the first: so what stands behind a semicolon begins with an apostrophe, too.
 */
export function guarded(text: string): string {
  return text.replace(/;(?=["\s]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g, ";'");
}

/** A line. A cell that would be a formula begins with an apostrophe. */
export function csvRow(cells: readonly (string | number)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(given: string | number): string {
  // A number is one of ours.
  if (typeof given === "number") return String(given);
  const text = guarded(formula.test(given) ? `'${given}` : given);
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
