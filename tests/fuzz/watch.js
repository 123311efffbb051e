// Names the input on which a target hangs. The thread that hangs cannot: another one looks whether it goes on, and ends
// the process with the last words.
import { writeSync } from "node:fs";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { finding } from "../../tools/check/fuzz-finding.js";

/** A kept input takes milliseconds. */
const longestMs = 60_000;
const mostBytes = 4096;

/** @returns what is told of each input, in whichever thread it is judged */
export function watch() {
  const shared = new SharedArrayBuffer(8 + mostBytes);
  const [head, bytes] = views(shared);
  new Worker(new URL(import.meta.url), { workerData: { shared } }).unref();
  return {
    /** @param {string} target @param {string} file */
    begin(target, file) {
      const text = Buffer.from(`${target}\n${file}`);
      bytes.set(text);
      head[1] = text.length;
      Atomics.add(head, 0, 1);
    },
    /** Nothing is judged now. */
    end() {
      head[1] = 0;
    },
  };
}

/** @param {SharedArrayBuffer} shared @returns {[Int32Array, Uint8Array]} how many began, how long the name is; the name */
function views(shared) {
  return [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
}

if (!isMainThread && workerData?.shared) {
  const [head, bytes] = views(workerData.shared);
  let seen = 0;
  setInterval(() => {
    const [now = 0, length = 0] = head;
    if (now === seen && length > 0) {
      const [target = "", file = ""] = Buffer.from(bytes.slice(0, length)).toString().split("\n");
      writeSync(2, `${finding(target, file, `it did not answer within ${longestMs / 1000} s`)}\n`);
      process.kill(process.pid, "SIGKILL");
    }
    seen = now;
  }, longestMs);
}
