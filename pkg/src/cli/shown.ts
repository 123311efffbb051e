// Values of a service in words. A service may write another shape than the sandbox does: the reference shows no reply.
// These are for the eyes only, and no reason to fail after a request was made, with its id untold.
import type { Kind } from "../shown/hidden-characters.ts";
import { visible } from "../shown/visible.ts";
import { hanging } from "./hanging.ts";

/** A list, or the one value that stands in the place of a list. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Any value in words, and all of it: what is approved by its name alone was not shown. */
export function wordsOf(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "?");
}

/**
 * A value is made visible, as prose if nothing else is said. `exact`: it should be ASCII. `own`: it is a text of this
 * program, perhaps with colours.
 */
export type Row = readonly [name: string, value: unknown, how?: Kind | "own"];

/**
 * Names and values below each other, without those that have none.
 *
 * @param columns of the terminal, if it is shown on one
 */
export function aligned(rows: readonly Row[], columns?: number): string {
  return alignedRows(rows, columns).join("\n");
}

/** The same, a text for each row. */
export function alignedRows(rows: readonly Row[], columns?: number): string[] {
  const there = rows.filter(([, value]) => value !== undefined && value !== null && value !== "");
  // A request may have more fields than a function takes arguments.
  const width = there.reduce((most, [name]) => Math.max(most, name.length), 0);
  return there.map(([name, value, how]) => {
    const text = how === "own" ? String(value) : visible(wordsOf(value), how);
    // What is exact is copied, and stays in one piece: without a blank it imitates no row.
    const isPlain = (how === "exact" && !text.includes(" ")) || text.includes("\u001b");
    return `${name.padEnd(width)}  ${isPlain ? text : hanging(text, width + 2, columns)}`;
  });
}
