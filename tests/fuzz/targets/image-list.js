// A list of images: each line is an image in its one spelling, or a line with something wrong that is told.
import assert from "node:assert/strict";
import { parseReference } from "ocisign";
import { imageList, Problem } from "../../support/readers.js";
import { heldFile } from "../held-file.js";
import { refusedLater } from "../refused.js";
import { digest, reference } from "../seal.js";

export const words = [reference, digest, "\n", "# ", "\ufffd", "\r\n", "a,b\n", '{"reference":"'];

/** @param {Buffer} input */
export async function judge(input) {
  const lines = input.toString("latin1").split("\n").length;
  let last = 0;
  await refusedLater(Problem, async () => {
    for await (const entries of imageList.entriesIn(heldFile(input), "the list")) {
      for (const { line, text, wrong } of entries) {
        assert.ok(line > last && line <= lines * 2, `line ${line} after ${last} of ${lines}`);
        last = line;
        if (wrong) assert.ok(wrong.code && wrong.message && wrong.fix && wrong.offset >= 0);
        else assert.equal(parseReference(text).canonical, text);
      }
    }
  });
}
