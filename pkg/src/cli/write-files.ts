// Writes files into a folder, each whole or not at all: what reads them meanwhile sees no half of one.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemCode } from "./input.ts";
import { Problem } from "./problem.ts";
import { shownPath } from "./withheld.ts";

interface WrittenFile {
  /** From the folder. */
  readonly path: string;
  readonly text: string;
}

export function writeFiles(folder: string, files: readonly WrittenFile[]): void {
  try {
    for (const { path, text } of files) replace(join(folder, path), text);
  } catch (cause) {
    const message = `--output: ${shownPath(folder) ?? "the folder"} cannot be written into (${systemCode(cause)}).`;
    throw new Problem("bad-file", message, "Name another folder.", { cause });
  }
}

function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.unfinished`;
  // In a folder that others write into, a link may stand there: it must not lead the text to another file.
  rmSync(unfinished, { force: true });
  try {
    writeFileSync(unfinished, text, { flag: "wx" });
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}
