// How cost grows: with the length of a reference, and memory with the number of lists.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseReference } from "ocisign";
import { parsePlain } from "../contenders/plain-reference.js";

const program = fileURLToPath(new URL("../lib/scanning-process.js", import.meta.url));
const repeats = 1000;

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "growth",
  title: "How cost and memory grow",
  async cases() {
    return [
      ...[100, 300, 700].map(byLength),
      ...[
        [100_000, 1],
        [100_000, 5],
        [100_000, 11],
        [1_000_000, 1],
      ].flatMap(([lines = 0, scans = 0]) => byLists(lines, scans)),
    ];
  },
};

/** @param {number} length of a reference, about */
function byLength(length) {
  const digest = `sha256:${"3f".repeat(32)}`;
  // A long path, and a long tag where that is not enough.
  const path = "team/".repeat(Math.ceil(Math.min(length - 95, 240) / 5));
  const host = `${"registry.".repeat(Math.ceil(Math.max(length - 460, 0) / 9))}example`;
  const tag = "1".repeat(Math.min(Math.max(length - 340, 1), 128));
  const image = `${host}:5000/${path}app:${tag}@${digest}`;
  const run = (/** @type {(text: string) => unknown} */ parse) => () => {
    for (let at = 0; at < repeats; at += 1) parse(image);
  };
  return {
    what: `a reference of ${image.length} bytes`,
    ours: { name: "ocisign", items: repeats, run: run(parseReference) },
    beside: [{ name: "plain JavaScript", items: repeats, run: run(parsePlain), aim: 2 }],
  };
}

/** @param {number} lines @param {number} scans @returns {import("../lib/topic.js").Case[]} */
function byLists(lines, scans) {
  const many = `${scans} ${scans === 1 ? "list" : "lists"} of ${lines.toLocaleString("en")}`;
  const took = async (/** @type {"module" | "process"} */ what) => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...["--expose-gc", program],
      ...[String(lines), String(scans)],
    ]);
    return JSON.parse(stdout)[what];
  };
  const one = (/** @type {"module" | "process"} */ what, /** @type {number | undefined} */ most) => ({
    what: `${many}: the ${what}`,
    unit: /** @type {const} */ ("bytes"),
    rounds: 1,
    ours: { name: "scanReferences", measure: () => took(what), ...(most !== undefined && { most }) },
    beside: [],
  });
  return [one("module", 1_500_000), one("process", undefined)];
}
