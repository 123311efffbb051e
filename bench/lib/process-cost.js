// What another process costs, as Linux counts it.
import { readFileSync } from "node:fs";

/** Of a second; Linux counts in these whatever its own clock is. */
const tick = 1e9 / 100;

/** The processor time of a process so far, with all its threads, in nanoseconds. @param {number} pid */
export function processorTime(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in brackets may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tick;
}

/** How much memory of a process is in use now, in bytes. @param {number} pid */
export function memory(pid) {
  const [, kilobytes] = readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB$/m) ?? [];
  return Number(kilobytes) * 1024;
}

/** The processor time of this process so far, in nanoseconds. */
export function ownProcessorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}
