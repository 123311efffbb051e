// A journal as it came, and with right checksums: what is read is a record, and written again it is read the same.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { OcisignError } from "ocisign";
import { journal } from "../../support/readers.js";
import { heldFile } from "../held-file.js";
import { refusedLater } from "../refused.js";

export const words = [
  '{"kind":"run"',
  '"kind":"intent"',
  '"kind":"outcome"',
  '"index":0',
  ',"sum":"',
  "\n",
  '"state":"signed"',
];

/** @param {Buffer} input */
export async function judge(input) {
  await readBack(input);
  await readBack(sealed(input));
}

/** @param {Buffer} bytes */
async function readBack(bytes) {
  const records = await recordsIn(bytes);
  if (!records) return;
  let sum = journal.beginning;
  const lines = records.map((record) => {
    const written = journal.lineOf(record, sum);
    sum = written.sum;
    return written.line;
  });
  if (lines.length > 0)
    assert.deepEqual((await recordsIn(Buffer.from(lines.join(""))))?.length, records.length);
}

/** @param {Buffer} bytes */
async function recordsIn(bytes) {
  return refusedLater(OcisignError, async () => {
    const records = [];
    for await (const record of journal.recordsIn(heldFile(bytes), "run.journal")) records.push(record);
    return records;
  });
}

/** With the checksum that each line has to have. @param {Buffer} bytes */
function sealed(bytes) {
  let sum = "";
  const lines = bytes
    .toString()
    .split("\n")
    .map((line) => {
      const body = line.replace(/,"sum":"[^"]*"\}?$/, "").replace(/\}$/, "");
      sum = createHash("sha256").update(sum).update(body).digest("hex").slice(0, 16);
      return `${body},"sum":"${sum}"}\n`;
    });
  return Buffer.from(lines.join(""));
}
