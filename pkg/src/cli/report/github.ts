// GitHub's workflow commands: an annotation for each image that is not verified, and a table on the page of the run.
// What comes from elsewhere is escaped, so that no text of a registry becomes a command or markup.
import { appendFileSync } from "node:fs";
import { visible } from "../../shown/visible.ts";
import { Problem } from "../problem.ts";
import { type ReportEntry, whyOf } from "./entry.ts";
import type { Verified } from "./printing.ts";

/** So many rows keep a summary below the megabyte that GitHub takes; what is not verified comes first. */
const mostRows = 500;
/** The longest reason in a row, in characters. */
const longestReason = 500;

export function github(entries: readonly ReportEntry[], { list }: Pick<Verified, "list">): string {
  summarize(entries);
  return entries.flatMap((entry) => linesOf(entry, list)).join("\n");
}

function linesOf(entry: ReportEntry, list: string | undefined): string[] {
  const { state, reference, line, verification } = entry;
  const warnings = (verification?.warnings ?? []).map((text) =>
    command("warning", { title: "ocisign" }, `${reference}: ${text}`),
  );
  // A plain line begins with our own word, so that it is no command.
  if (state === "verified") return [`verified  ${visible(reference)}`, ...warnings];
  const { message, fix } = whyOf(entry);
  const place: Readonly<Record<string, string>> =
    list !== undefined && line !== undefined ? { file: list, line: String(line) } : {};
  const text = `${reference}: ${message}${fix ? `\n${fix}` : ""}`;
  return [command("error", { ...place, title: `ocisign: ${state}` }, text), ...warnings];
}

function command(name: string, properties: Readonly<Record<string, string>>, text: string): string {
  const given = Object.entries(properties).map(([key, value]) => `${key}=${inProperty(value)}`);
  return `::${name} ${given.join(",")}::${escaped(text)}`;
}

/** As the runner's own library escapes what a command says; what hides is written out, line for line. */
function escaped(text: string): string {
  const lines = text.split("\n").map((line) => visible(line));
  return lines.join("\n").replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function inProperty(text: string): string {
  return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Adds a table to the page of the run, where the runner names a file for it. */
function summarize(entries: readonly ReportEntry[]): void {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  const sorted = entries.toSorted((a, b) => Number(a.state === "verified") - Number(b.state === "verified"));
  const rows = sorted.slice(0, mostRows).map((entry) => {
    const why = entry.state === "verified" ? (entry.verification?.reason ?? "") : whyOf(entry).message;
    return `| ${entry.state} | ${code(entry.reference)} | ${cell(why.slice(0, longestReason))} |`;
  });
  const left = entries.length - rows.length;
  const more = left > 0 ? [`\nand ${left} more`] : [];
  const table = [
    "### Signatures of images",
    "",
    "| State | Image | Why |",
    "|---|---|---|",
    ...rows,
    ...more,
    "",
  ];
  try {
    appendFileSync(file, `${table.join("\n")}\n`);
  } catch (error) {
    const fix = "Check the variable: the runner sets it to a file that a step may write.";
    throw new Problem("bad-file", "The file that GITHUB_STEP_SUMMARY names cannot be written.", fix, {
      cause: error,
    });
  }
}

function code(text: string): string {
  return `<code>${cell(text)}</code>`;
}

/** Text in a cell of a table: no markup, no mention, no end of the cell. */
function cell(text: string): string {
  return visible(text).replace(/[^\w .,()=-]/gu, (character) => `&#${character.codePointAt(0)};`);
}
