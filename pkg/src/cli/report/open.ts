// The reports that a run writes, each in the format that its file's ending names.
import { statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { usage } from "../problem.ts";
import { shownPath } from "../withheld.ts";
import { csv } from "./csv.ts";
import type { ReportEntry } from "./entry.ts";
import { ReportFile } from "./file.ts";
import type { Format } from "./format.ts";
import { jsonLines } from "./json-lines.ts";
import { junit } from "./junit.ts";

const formats: Readonly<Record<string, () => Format>> = { ".jsonl": jsonLines, ".xml": junit, ".csv": csv };

/** The reports of one run. Memory does not grow with them. */
export interface Reports {
  /** Writes down what came of an image, in every report, at once. The first one replaces what stood there. */
  add(entry: ReportEntry): void;
  /**
   * Ends all of them. Where the run failed before the first entry, there is nothing to report: what stood there stays.
   *
   * @throws {Problem} `bad-file` when one lacks something; the others are whole
   */
  close(run?: { readonly failed: boolean }): void;
}

/**
 * Checks reports before anything is sent, and leaves nothing behind. Each file is there from the first
 * {@link Reports.add} on, or from {@link Reports.close}, and is whole at every moment.
 *
 * @param inputs the files that the run reads or keeps, such as its list and its journal: no report takes their place
 * @throws {Problem} `usage` when one of them cannot be written
 * @example
 * const reports = openReports(["report.xml", "report.csv"]);
 * reports.add({ index: 0, reference: "r.example/app@sha256:…", state: "verified" });
 * reports.close();
 */
export function openReports(files: readonly string[], inputs: readonly (string | undefined)[] = []): Reports {
  const made = files.map((file) => [file, formatOf(file)] as const);
  const reports: ReportFile[] = [];
  const taken = inputs.flatMap((input) => (input === undefined ? [] : identityOf(input)));
  for (const [file, format] of made) {
    if (identityOf(file).some((one) => taken.includes(one))) throw isInput(file);
    const report = new ReportFile(file, format());
    if (reports.some(({ path }) => path === report.path))
      throw usage(`--report names ${shown(file)} twice.`, "Name each file once. Nothing was sent.");
    reports.push(report);
  }
  return {
    add(entry) {
      for (const report of reports) report.add(entry);
    },
    close({ failed } = { failed: false }) {
      if (!failed) for (const report of reports) report.begin();
      const [first] = reports.map((report) => report.close()).filter((problem) => problem !== undefined);
      if (first) throw first;
    },
  };
}

/** Does what is reported, and ends the reports, however that ended. */
export async function reported<T>(reports: Reports, run: () => Promise<T>): Promise<T> {
  let failed = true;
  try {
    const result = await run();
    failed = false;
    return result;
  } finally {
    reports.close({ failed });
  }
}

function formatOf(file: string): () => Format {
  const format = formats[extname(file).toLowerCase()];
  if (format) return format;
  const endings = Object.keys(formats).join(", ");
  throw usage(
    `--report ${shown(file)}: its ending names no format of a report.`,
    `Name a file that ends in one of ${endings}. Nothing was sent.`,
  );
}

/** By which a file is the same under every name: its path, and if it is there, its place on the disk. */
function identityOf(file: string): string[] {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return [resolve(file), `${dev} ${ino}`];
  } catch {
    // One that is not there yet, or cannot be looked at: whoever opens it says so.
    return [resolve(file)];
  }
}

function isInput(file: string): Error {
  const what = `--report ${shown(file)} is a file that this run reads or keeps.`;
  return usage(what, "Name another file for the report. Nothing was sent.");
}

function shown(file: string): string {
  return shownPath(file) ?? "FILE";
}
