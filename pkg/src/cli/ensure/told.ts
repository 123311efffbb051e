// What a pipeline reads of a run: outputs for later steps, and a summary for people. Both files are added to, as GitHub
// and GitLab want it. The outputs stand there as soon as there is a request, so that a run that is killed later has said
// which one it is.
import { appendFileSync } from "node:fs";
import type { ImageReference } from "ocisign";
import { visible } from "../../shown/visible.ts";
import { systemCode } from "../input.ts";
import { usage } from "../problem.ts";
import { shownPath } from "../withheld.ts";
import { type Told, toldAsMarkdown } from "./summary.ts";

export interface ToldFiles {
  readonly outputs: string | undefined;
  readonly summary: string | undefined;
}

/** Checks before anything is sent that the files can be added to. @throws {Problem} `usage` */
export function checkTold({ outputs, summary }: ToldFiles): void {
  for (const [flag, file] of [
    ["--outputs", outputs],
    ["--summary", summary],
  ] as const) {
    if (file !== undefined) added(file, flag, "");
  }
}

/** The outputs, a line each: the later of two lines counts. */
export function tellOutputs({ outputs }: ToldFiles, image: ImageReference, told: Told): void {
  if (outputs === undefined) return;
  const values = {
    OCISIGN_IMAGE: image.canonical,
    OCISIGN_DIGEST: image.digest,
    OCISIGN_REQUEST_ID: told.id ?? "",
    OCISIGN_STATE: told.state,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}=${oneLine(value)}\n`);
  added(outputs, "--outputs", lines.join(""));
}

export function tellSummary({ summary }: ToldFiles, image: ImageReference, told: Told): void {
  if (summary !== undefined) added(summary, "--summary", toldAsMarkdown(image, told));
}

/** A service's id must not write another output: line breaks and what hides are written out. */
function oneLine(value: string): string {
  return visible(value, "exact");
}

function added(file: string, flag: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (cause) {
    const what = `${flag}: ${shownPath(file) ?? "the file"} cannot be written (${systemCode(cause)}).`;
    throw usage(what, "Name a file in a folder that is there.", { cause });
  }
}
