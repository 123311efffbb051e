// A line of a table for spreadsheets (RFC 4180). A page has no room for the library that the command line writes its
// reports with, and a test compares the two.

/** What a spreadsheet takes for the beginning of a formula, also in full width. */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/u;

/** A cell that would be a formula begins with an apostrophe. */
export function csvRow(cells: readonly (string | number)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(given: string | number): string {
  // A number is one of ours.
  const text = typeof given === "string" && formula.test(given) ? `'${given}` : String(given);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
