// Names the input on which a target hangs, or that ends the whole process, such as one that takes all memory. Whoever
// judges it cannot: another process looks whether it goes on, and has the last words.
import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { finding } from "../../tools/check/fuzz-finding.js";

const self = fileURLToPath(import.meta.url);

/** @param {{ longestMs?: number }} [options] a kept input takes milliseconds */
export function watch({ longestMs = 60_000 } = {}) {
  const args = [self, `${process.pid}`, `${longestMs}`];
  const watcher = spawn(process.execPath, args, { stdio: ["pipe", "ignore", "inherit"] });
  watcher.unref();
  const { stdin } = watcher;
  // What a socket takes is with the other process before the input is judged.
  /** @type {import("node:net").Socket} */ (stdin).unref();
  const tell = (/** @type {string[]} */ ...said) => stdin.write(`${JSON.stringify(said)}\n`);
  return {
    /** @param {string} target @param {string} file */
    begin(target, file) {
      tell(target, file);
    },
    /** Nothing is judged now. */
    end() {
      tell();
    },
  };
}

/** @param {number} pid of who judges @param {number} longestMs */
function lookOn(pid, longestMs) {
  /** @type {string[]} */
  let judged = [];
  const say = (/** @type {string} */ why) => {
    const [target, file] = judged;
    if (target !== undefined && file !== undefined) writeSync(2, `${finding(target, file, why)}\n`);
  };
  const hangs = () => {
    if (judged.length === 0) return;
    say(`it did not answer within ${longestMs / 1000} s`);
    judged = [];
    process.kill(pid, "SIGKILL");
  };
  let clock = setTimeout(hangs, longestMs);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    judged = JSON.parse(line);
    clearTimeout(clock);
    clock = setTimeout(hangs, longestMs);
  });
  lines.on("close", () => {
    clearTimeout(clock);
    say("it ended the process");
  });
}

const [, started, pid, longestMs] = process.argv;
if (started === self) lookOn(Number(pid), Number(longestMs));
