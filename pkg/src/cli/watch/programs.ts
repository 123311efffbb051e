// Runs a program for an event, with the event on its standard input.
import { visible } from "../../shown/visible.ts";
import { runChild } from "../child.ts";
import { writeDuration } from "../duration.ts";
import { Problem } from "../problem.ts";
import { shownPath } from "../withheld.ts";
import type { WatchEvent } from "./event.ts";

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

/**
 * Runs it once.
 *
 * @returns why it failed; nothing if it ended with 0
 * @throws {Problem} when it cannot be started at all
 */
export async function runProgram(
  program: Program,
  event: WatchEvent,
  signal: AbortSignal,
): Promise<string | undefined> {
  const end = await runChild({ ...program, input: `${JSON.stringify(event)}\n` }, signal);
  if (end.how === "not-started") throw cannotStart(program, end);
  if (end.how !== "ended") return `did not end within ${writeDuration(program.timeoutMs)}`;
  if (end.code === 0) return undefined;
  return end.by ? `was ended by ${end.by}` : `ended with code ${end.code}`;
}

function cannotStart(
  { command }: Program,
  { code, error }: { readonly code: string; readonly error: unknown },
): Problem {
  const name = shownPath(command) ?? (/^[\w.-]{1,40}$/.test(command) ? visible(command) : "The program");
  const what = `--exec: ${name} cannot be started (${code}).`;
  const fix = "Name a program that exists and may be run, with its arguments as words of their own.";
  return new Problem("bad-command", what, fix, { cause: error });
}
