// Which process holds a journal, and does it still run?
import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { fieldOf, isText } from "../foreign.ts";

/** What a lock file says. What the system does not tell is left out. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Of the start of the machine. */
  readonly boot?: string | undefined;
  /** In which numbers of processes mean the same; each container has its own. */
  readonly pids?: string | undefined;
  /** When the process started: a number is used again. */
  readonly started?: string | undefined;
  /** No two locks have the same. */
  readonly nonce: string;
}

export function ourselves(): Holder {
  return {
    pid: process.pid,
    host: hostname(),
    boot: told(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    pids: told(() => readlinkSync("/proc/self/ns/pid")),
    started: statOf(process.pid)?.started,
    nonce: randomBytes(8).toString("hex"),
  };
}

/** A holder as a lock file says it. */
export function readHolder(text: string): Holder | undefined {
  const value: unknown = told(() => JSON.parse(text));
  const [pid, host, nonce] = ["pid", "host", "nonce"].map((name) => fieldOf(value, name));
  const [boot, pids, started] = ["boot", "pids", "started"].map((name) => {
    const field = fieldOf(value, name);
    return isText(field) ? field : undefined;
  });
  if (!Number.isSafeInteger(pid) || !isText(host) || !isText(nonce) || !/^[0-9a-f]{16}$/.test(nonce))
    return undefined;
  return { pid: Number(pid), host, boot, pids, started, nonce };
}

/** A holder touches its lock so often. */
export const touchMs = 10_000;
/** One that cannot be seen from here, and has not touched its lock for so long, has gone. */
const silentMs = 6 * touchMs;

/** @param untouchedMs for how long its lock was not touched */
export function isRunning(holder: Holder, untouchedMs: number): boolean {
  const { host, boot, pids } = ourselves();
  const isSeen = holder.host === host && holder.boot === boot && holder.pids === pids;
  return isSeen ? isThere(holder) : untouchedMs < silentMs;
}

function isThere({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Anything else than "no such process" is said of one that is there.
    if (fieldOf(error, "code") === "ESRCH") return false;
  }
  const now = statOf(pid);
  return !now || (!now.isDead && (started === undefined || now.started === started));
}

/** Linux only. A killed process whose parent has not asked for it yet is dead. */
function statOf(pid: number): { isDead: boolean; started: string | undefined } | undefined {
  const text = told(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The name, in parentheses, may hold anything.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields && { isDead: /^[ZX]$/.test(fields[0] ?? ""), started: fields[19] };
}

function told<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
