// Runs another program: without a shell, with a text on its standard input, within a time, and without our secrets.
// Nothing that it has started outlives its time.
import { type ChildProcess, spawn } from "node:child_process";
import { systemCode } from "./input.ts";
import { withoutSecrets } from "./secrets.ts";

export interface ChildWork {
  readonly command: string;
  readonly args: readonly string[];
  /** What it reads. */
  readonly input: string;
  readonly timeoutMs: number;
  /** Keep what it prints, up to so many bytes, and nothing of its standard error; else both go to our standard error. */
  readonly longest?: number;
}

/** How a program ended. */
export type ChildEnd =
  | { readonly how: "not-started"; readonly code: string; readonly error: unknown }
  | { readonly how: "too-long" }
  /** It prints more than is kept. */
  | { readonly how: "too-much" }
  | {
      readonly how: "ended";
      readonly code: number | null;
      readonly by: NodeJS.Signals | null;
      readonly printed: Buffer;
    };

/** So long a program may take to end after it was told to. */
const graceMs = 5000;

/** Programs that run now: none of them outlives us, unless we are killed. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) end(child, "SIGKILL");
});

/** Runs it once. @throws what aborted the signal */
export async function runChild(work: ChildWork, signal: AbortSignal): Promise<ChildEnd> {
  signal.throwIfAborted();
  let child: ChildProcess;
  try {
    child = start(work);
  } catch (error) {
    return { how: "not-started", code: systemCode(error), error };
  }
  running.add(child);
  let stopped: "too-long" | "too-much" | undefined;
  let killer: NodeJS.Timeout | undefined;
  const stop = () => {
    end(child, "SIGTERM");
    // Also what it has started and left behind, which may hold its output open.
    killer ??= setTimeout(() => {
      end(child, "SIGKILL");
      child.stdout?.destroy();
    }, graceMs);
  };
  const timer = setTimeout(() => {
    stopped = "too-long";
    stop();
  }, work.timeoutMs);
  signal.addEventListener("abort", stop);
  try {
    const outcome = await ended(child, work, () => {
      stopped = "too-much";
      stop();
    });
    signal.throwIfAborted();
    return stopped ? { how: stopped } : outcome;
  } finally {
    clearTimeout(timer);
    clearTimeout(killer);
    signal.removeEventListener("abort", stop);
    running.delete(child);
  }
}

function start({ command, args, longest }: ChildWork): ChildProcess {
  return spawn(command, args, {
    shell: false,
    // What it says is not ours: standard output has our results alone.
    stdio: longest === undefined ? ["pipe", 2, 2] : ["pipe", "pipe", "ignore"],
    env: environment(process.env),
    // A group of its own, so that what it starts ends with it.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
}

function ended(
  child: ChildProcess,
  { input, longest = 0 }: ChildWork,
  tooMuch: () => void,
): Promise<ChildEnd> {
  return new Promise((resolve) => {
    const printed: Buffer[] = [];
    let length = 0;
    child.stdout?.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= longest) printed.push(chunk);
      else {
        child.stdout?.destroy();
        tooMuch();
      }
    });
    child.on("error", (error) => resolve({ how: "not-started", code: systemCode(error), error }));
    // What is kept is whole only when its output is closed.
    child.on(child.stdout ? "close" : "exit", (code: number | null, by: NodeJS.Signals | null) => {
      resolve({ how: "ended", code, by, printed: Buffer.concat(printed) });
    });
    // Who does not read its standard input need not.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** Our settings, and the sign-ins of all registries, of which we look at those that we need. */
const ours = /^(OCISIGN_.*|DOCKER_AUTH_CONFIG)$/i;

/** The environment without what is ours, and without what holds a secret that we have seen. */
export function environment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.entries(own).filter(([name, value = ""]) => {
    return !ours.test(name) && withoutSecrets(value) === value;
  });
  return Object.fromEntries(passed);
}

/** What of our settings is secret, in the environment. */
const secretSettings = /^OCISIGN_(TOKEN|REGISTRY_PASSWORD|TLS_PASSPHRASE)$/i;

/** The same for what a person has written for this program, which may use other variables: ours without our secrets. */
export function environmentOfCommand(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !secretSettings.test(name)));
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
