// What differs between two images, as lines: what has to be seen first, then each platform part by part. The words are
// those of the page (shown/changes.ts).
import type { ImageChanges, OcisignError } from "ocisign";
import {
  changesView,
  changeWords,
  type Noticed,
  type Part,
  type PlatformView,
  type Row,
  toldText,
} from "../shown/changes.ts";
import { visible } from "../shown/visible.ts";
import type { Output } from "./output.ts";

/** Of a part with more rows than this, the rest is for programs. */
const mostRows = 200;

export function changesText(changes: ImageChanges, output: Output): string {
  const view = changesView(changes);
  const { before, after, identical } = changes;
  const lines = [`${before} -> ${after}`, output.paint(identical ? "good" : "strong", view.summary)];
  if (view.notable.length > 0)
    lines.push("", output.paint("strong", "Notable:"), ...view.notable.map(noticed));
  for (const platform of view.platforms)
    lines.push("", ...platformText(platform, view.platforms.length, output));
  return lines.join("\n");

  function noticed(one: Noticed): string {
    const { text, subject, platforms } = one;
    const where = platforms.length > 0 ? ` (${platforms.join(", ")})` : "";
    const what = subject ? `: ${toldText(subject)}` : "";
    return `  ${output.paint("unsure", "!")} ${text}${what}${where}${bothText(one)}`;
  }
}

function platformText(platform: PlatformView, count: number, output: Output): string[] {
  const { name, summary, parts, error } = platform;
  // Of the only one, the summary stands above already.
  const head = count > 1 || platform.state !== "both" ? [`${name || "-"}: ${summary}`] : [name || "-"];
  return [
    output.paint("strong", head.join("")),
    ...(error ? errorLines(error, "  ") : []),
    ...parts.filter(({ state, costBytes }) => state !== "same" || costBytes !== undefined).flatMap(partText),
  ];
}

function partText({ title, brief, rows, note, error }: Part): string[] {
  const differing = rows.filter(({ state }) => state !== "same");
  const told = differing.slice(0, mostRows).flatMap(rowText);
  const left = differing.length - mostRows;
  return [
    `  ${title}: ${brief}`,
    ...(note ? [`    ${note}`] : []),
    ...(error ? errorLines(error, "    ") : []),
    ...told,
    ...(left > 0 ? [`    and ${left} more; --json has them all`] : []),
  ];
}

function rowText(row: Row): string[] {
  const { state, name, remarks, error } = row;
  const more = remarks.map((remark) => `, ${toldText(remark)}`).join("");
  const line = `    ${state} ${toldText(name)}${sidesText(row)}${more}`;
  return [line, ...(error ? errorLines(error, "      ") : [])];
}

type Sides = Pick<Row, "before" | "after">;

/** Both sides, also where one of them has none of it: its state is not told beside. */
function bothText({ before, after }: Sides): string {
  if (!before && !after) return "";
  return `: ${[before, after].map((side) => (side ? toldText(side) : changeWords.notSet)).join(" -> ")}`;
}

/** `: before -> after`, as far as there are both. That something is there, its state says already. */
function sidesText({ before, after }: Sides): string {
  const sides = [before, after]
    .filter((side) => side !== undefined)
    .map(toldText)
    .filter((text) => text !== "" && text !== changeWords.set);
  const isSame = sides.length === 2 && sides[0] === sides[1];
  if (sides.length === 0) return "";
  return `: ${isSame ? sides[0] : sides.join(" -> ")}`;
}

function errorLines({ message, fix }: OcisignError, indent: string): string[] {
  return [`${indent}${visible(message)}`, `${indent}  ${visible(fix)}`];
}
