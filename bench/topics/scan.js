// A pasted list: each line checked, and made an object.
import { scanReferences } from "ocisign";
import { oneRegex } from "../contenders/regex-reference.js";
import { listOf } from "../lib/list.js";

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "scan",
  title: "A list of references, read in one call",
  async cases() {
    return [1_000, 10_000, 100_000, 1_000_000].map((lines) => {
      const text = listOf(lines);
      return {
        what: `${lines.toLocaleString("en")} lines`,
        ours: {
          name: "scanReferences",
          items: lines,
          run: () => whole(scanReferences(text).references, lines),
        },
        beside: [
          {
            name: "a regular expression in a loop",
            items: lines,
            run: () => whole(loop(text), lines),
            aim: 5,
          },
        ],
      };
    });
  },
};

/** @param {string} text */
function loop(text) {
  return text.split("\n").map((line, at) => ({ line: at + 1, reference: oneRegex(line) }));
}

/** @param {readonly unknown[]} found @param {number} lines */
function whole(found, lines) {
  if (found.length !== lines) throw new Error(`${found.length} of ${lines} lines were read`);
  return found;
}
