// Writes a file that must not be there yet.
import { writeFileSync } from "node:fs";
import { systemCode } from "./input.ts";
import { Problem } from "./problem.ts";
import { shownPath } from "./withheld.ts";

export function writeNew(path: string, content: string): void {
  try {
    writeFileSync(path, content, { flag: "wx" });
  } catch (cause) {
    const shown = shownPath(path) ?? "The file";
    const isThere = systemCode(cause) === "EEXIST";
    const message = isThere
      ? `${shown} is there already.`
      : `${shown} cannot be written (${systemCode(cause)}).`;
    throw new Problem(
      "bad-file",
      message,
      isThere ? "Name another file, or remove this one." : "Name another file.",
    );
  }
}
