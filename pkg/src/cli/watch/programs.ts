// Runs a program for an event: without a shell, with the event on its standard input, within a time, and without our
// secrets.
import { type ChildProcess, spawn } from "node:child_process";
import { visible } from "../../shown/visible.ts";
import { writeDuration } from "../duration.ts";
import { systemCode } from "../input.ts";
import { Problem } from "../problem.ts";
import { withoutSecrets } from "../secrets.ts";
import { shownPath } from "../withheld.ts";
import type { WatchEvent } from "./event.ts";
import { pause } from "./patience.ts";

/** So long a program may take to end after it was told to. */
const graceMs = 5000;

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

/** Programs that run now: none of them outlives us, unless we are killed. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) end(child, "SIGKILL");
});

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
  signal.throwIfAborted();
  const child = start(program);
  const stopping = new AbortController();
  let why: string | undefined;
  const stop = async (reason: string) => {
    why = reason;
    end(child, "SIGTERM");
    await pause(graceMs, stopping.signal).catch(() => undefined);
    // Also what it has started, and left behind.
    end(child, "SIGKILL");
  };
  const timer = setTimeout(stop, program.timeoutMs, `did not end within ${writeDuration(program.timeoutMs)}`);
  const interrupt = () => void stop("was interrupted");
  signal.addEventListener("abort", interrupt);
  try {
    const outcome = await ended(child, program, `${JSON.stringify(event)}\n`);
    signal.throwIfAborted();
    return why ?? outcome;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", interrupt);
    stopping.abort();
    running.delete(child);
  }
}

function start(program: Program): ChildProcess {
  const { command, args } = program;
  try {
    const child = spawn(command, args, {
      shell: false,
      // What it says is not ours: standard output has the events alone.
      stdio: ["pipe", 2, 2],
      env: environment(process.env),
      // A group of its own, so that what it starts ends with it.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    running.add(child);
    return child;
  } catch (error) {
    throw cannotStart(program, error);
  }
}

function ended(child: ChildProcess, program: Program, input: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(cannotStart(program, error)));
    child.on("exit", (code, by) => {
      resolve(code === 0 ? undefined : by ? `was ended by ${by}` : `ended with code ${code}`);
    });
    // Who does not read its standard input need not.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

function cannotStart({ command }: Program, error: unknown): Problem {
  const name = shownPath(command) ?? (/^[\w.-]{1,40}$/.test(command) ? visible(command) : "The program");
  const what = `--exec: ${name} cannot be started (${systemCode(error)}).`;
  const fix = "Name a program that exists and may be run, with its arguments as words of their own.";
  return new Problem("bad-command", what, fix, { cause: error });
}

/** Ours without what is ours: our settings, and what holds a secret that we have seen. */
function environment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.entries(own).filter(([name, value = ""]) => {
    return !/^OCISIGN_/i.test(name) && withoutSecrets(value) === value;
  });
  return Object.fromEntries(passed);
}

function end(child: ChildProcess, by: "SIGTERM" | "SIGKILL"): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(by);
    else process.kill(-pid, by);
  } catch (error) {
    // It has ended already, with all that it started.
    if (systemCode(error) !== "ESRCH") throw error;
  }
}
