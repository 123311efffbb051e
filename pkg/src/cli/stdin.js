// Standard input, which can be only one thing.
import { text } from "node:stream/consumers";
import { Problem, usage } from "./problem.js";

/** @type {string | undefined} */
let reader;

/** Claims standard input before anything is done. @param {string} from what wants it, such as `-t @-` */
export function claimStdin(from) {
  if (reader !== undefined && reader !== from) {
    throw usage(`${reader} and ${from} both read standard input.`, "Put one of them into a file.");
  }
  reader = from;
}

/** Everything that stands in standard input. @param {string} from */
export async function readStdin(from) {
  claimStdin(from);
  if (process.stdin.isTTY) process.stderr.write(`Reading ${from} from the terminal; Ctrl-D ends it.\n`);
  const content = (await text(process.stdin)).replace(/^\ufeff/, "");
  if (content.trim() !== "") return content;
  throw new Problem("bad-file", `${from}: nothing came on standard input.`, "Pipe it in, or name a file.");
}
