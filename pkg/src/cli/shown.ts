// Values of a service in words. A service may write another shape than the sandbox does: the reference shows no reply.
// These are for the eyes only, and no reason to fail after a request was made, with its id untold.
import type { Kind } from "../shown/hidden-characters.ts";
import { visible } from "../shown/visible.ts";

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

/** Names and values below each other, without those that have none. */
export function aligned(rows: readonly Row[]): string {
  const there = rows.filter(([, value]) => value !== undefined && value !== null && value !== "");
  const width = Math.max(...there.map(([name]) => name.length));
  return there
    .map(
      ([name, value, how]) =>
        `${name.padEnd(width)}  ${how === "own" ? value : visible(wordsOf(value), how)}`,
    )
    .join("\n");
}
