// `--output`: in which form `verify` prints what it found out, for another program.
import { choice } from "../options.ts";
import { usage } from "../problem.ts";
import type { Session } from "../session.ts";
import { shownPath } from "../withheld.ts";
import { type OutputFormat, outputFormats, Printing } from "./printing.ts";

export const outputOption = choice("--output <format>", "print it for a program", outputFormats);

interface Asked {
  readonly output: string | undefined;
  readonly fromFile: string | undefined;
  readonly threshold: number | undefined;
  readonly requireRepository: boolean;
  readonly recursive: boolean;
  readonly require: readonly string[] | undefined;
  readonly signedAs: Readonly<Record<string, string>> | undefined;
  readonly coveredBy: string | undefined;
}

/** How the outcome is printed; undefined where it is printed for people, or as JSON. */
export function printingOf({ output: { isJson } }: Session, asked: Asked): Printing | undefined {
  const { output, fromFile, threshold = 1, requireRepository, recursive, require = [] } = asked;
  const { signedAs, coveredBy } = asked;
  const format = outputFormats.find((one): one is OutputFormat => one === output);
  if (!format) return undefined;
  if (isJson) throw usage("--output and --json exclude each other.", "Leave one of them out.");
  const list = fromFile === undefined || fromFile === "-" ? undefined : shownPath(fromFile);
  const names = signedAs && Object.fromEntries(Object.entries(signedAs).sort());
  return new Printing(format, list, {
    ...{ threshold, requireRepository, recursive, require },
    ...(names && { signedAs: names }),
    ...(coveredBy !== undefined && { coveredBy }),
  });
}
