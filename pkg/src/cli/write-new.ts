// Writes a file that must not be there yet.
import { existsSync, writeFileSync } from "node:fs";
import { systemCode } from "./input.ts";
import { Problem } from "./problem.ts";
import { shownPath } from "./withheld.ts";

/** Before work whose result would be lost. */
export function checkNew(path: string): void {
  if (existsSync(path)) throw there(path);
}

function there(path: string, cause?: unknown): Problem {
  const message = `${shownPath(path) ?? "The file"} is there already.`;
  return new Problem("bad-file", message, "Name another file, or remove this one.", { cause });
}

export function writeNew(path: string, content: string): void {
  try {
    writeFileSync(path, content, { flag: "wx" });
  } catch (cause) {
    if (systemCode(cause) === "EEXIST") throw there(path, cause);
    const message = `${shownPath(path) ?? "The file"} cannot be written (${systemCode(cause)}).`;
    throw new Problem("bad-file", message, "Name another file.", { cause });
  }
}
