// Lists. On a terminal a table that fits its width: each column takes its longest form that fits, and what is still too
// long is cut. In a pipe a line for each row, whole, with tabs between the values: a program cuts nothing back together.
import stringWidth from "string-width";
import { fieldOf, isText } from "../foreign.ts";
import type { Kind } from "../shown/hidden-characters.ts";
import { visible } from "../shown/visible.ts";
import type { Output, Tone } from "./output.ts";
import { wordsOf } from "./shown.ts";

export interface Column<T> {
  /** Above the column, on a terminal. */
  readonly head: string;
  /** What a program reads. */
  whole(row: T): unknown;
  /**
   * What a terminal shows, from the longest form to the shortest, as many for each row; made visible already. By
   * default the whole.
   */
  forms?(row: T): readonly (string | undefined)[];
  /** `exact` is what should be ASCII. */
  readonly kind?: Kind;
  /** Not cut further than to this width. A column without it is never cut. */
  readonly least?: number;
  /** Which end of a long text goes. By default the end. */
  readonly cut?: "start" | "end";
  tone?(row: T): Tone | undefined;
  /** Left out on a terminal. */
  readonly isForPrograms?: true;
}

const gap = "  ";

export function table<T>(columns: readonly Column<T>[], rows: readonly T[], output: Output): string {
  return output.width === undefined ? lines(columns, rows) : fitted(columns, rows, output.width, output);
}

function lines<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  return rows.map((row) => columns.map((column) => cell(column.whole(row), column)).join("\t")).join("\n");
}

function cell(value: unknown, { kind }: Pick<Column<never>, "kind">): string {
  const missing = value === undefined || value === null || value === "";
  return missing ? "-" : visible(wordsOf(calledOf(value)), kind);
}

/** A person or a group by the name: a cell has no room for more. */
function calledOf(value: unknown): unknown {
  const called = ["name", "objectId", "id"].map((name) => fieldOf(value, name));
  return called.find((it) => isText(it) && it !== "") ?? value;
}

/** A column with the cells of one form. */
interface Shown<T> {
  readonly column: Column<T>;
  readonly cells: readonly string[];
  /** What its longest cell needs. */
  readonly width: number;
}

function fitted<T>(columns: readonly Column<T>[], rows: readonly T[], width: number, output: Output): string {
  const all = columns
    .filter(({ isForPrograms }) => !isForPrograms)
    .map((column) => formsOf(column, rows, width));
  const chosen = choose(all, width);
  const widths = shrunk(chosen, width);
  const line = (cells: readonly string[], paint = (text: string, _at: number) => text) => {
    const padded = cells.map((text, at) => {
      const fit = truncated(text, widths[at] ?? 0, chosen[at]?.column.cut);
      return paint(fit, at) + " ".repeat(Math.max(0, (widths[at] ?? 0) - stringWidth(fit)));
    });
    return padded.join(gap).trimEnd();
  };
  // A terminal may be too narrow even for this.
  const whole = (text: string) => (stringWidth(text) > width ? truncated(text, width) : text);
  const heads = output.paint("faint", whole(line(chosen.map(({ column }) => column.head))));
  const isTooNarrow = total(widths) > width;
  const body = rows.map((row, index) => {
    const cells = chosen.map((column) => column.cells[index] ?? "");
    if (isTooNarrow) return whole(line(cells));
    return line(cells, (text, at) => {
      const tone = chosen[at]?.column.tone?.(row);
      return tone ? output.paint(tone, text) : text;
    });
  });
  return [heads, ...body].join("\n");
}

/** The column in each of its forms, the longest first. */
function formsOf<T>(column: Column<T>, rows: readonly T[], most: number): readonly Shown<T>[] {
  const forms = rows.map((row) => column.forms?.(row) ?? [cell(column.whole(row), column)]);
  const count = Math.max(1, ...forms.slice(0, 1).map((of) => of.length));
  return Array.from({ length: count }, (_, form) => {
    const cells = forms.map((of) => of[form] || "-");
    const widest = cells.reduce(
      (width, text) => Math.max(width, Math.min(stringWidth(text), most)),
      stringWidth(column.head),
    );
    return { column, cells, width: widest };
  });
}

/** The shortest form of each column; then, one after the other, the longest that still fits. */
function choose<T>(all: readonly (readonly Shown<T>[])[], width: number): readonly Shown<T>[] {
  const chosen = all.flatMap((forms) => forms.slice(-1));
  for (const [at, forms] of all.entries()) {
    const others = total(chosen.map((one) => one.width)) - (chosen[at]?.width ?? 0);
    const longest = forms.find((form) => others + form.width <= width);
    if (longest) chosen[at] = longest;
  }
  return chosen;
}

/** Of the columns that may be cut, the widest gives first. */
function shrunk<T>(columns: readonly Shown<T>[], width: number): number[] {
  const widths = columns.map((column) => column.width);
  const least = columns.map(({ column, width }) => Math.min(width, column.least ?? width));
  for (let over = total(widths) - width; over > 0; over -= 1) {
    const spare = widths.map((width, at) => (width > (least[at] ?? 0) ? width : 0));
    const widest = spare.indexOf(Math.max(...spare));
    if (spare[widest] === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, widths.length - 1);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The text in at most `width` columns of a terminal, with … in the place of what is left out. */
export function truncated(text: string, width: number, cut: Column<never>["cut"] = "end"): string {
  if (stringWidth(text) <= width) return text;
  const parts = Array.from(graphemes.segment(text), ({ segment }) => segment);
  if (cut === "start") parts.reverse();
  const kept: string[] = [];
  let left = width - 1;
  for (const part of parts) {
    left -= stringWidth(part);
    if (left < 0) break;
    kept.push(part);
  }
  return cut === "start" ? `…${kept.reverse().join("").trimStart()}` : `${kept.join("").trimEnd()}…`;
}
