// A journal that was cut off anywhere goes on; one that was changed anywhere is refused. Nothing is read wrongly.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { openJournal } from "ocisign/journal";
import { all, change, journalIn, looked, opened, recordsOf, refusal } from "../support/journals.js";

const records = recordsOf(6);

/** Where each line of it ends. */
function endsOf(bytes) {
  return [...bytes.toString("latin1").matchAll(/\n/g)].map(({ index }) => index + 1);
}

test("cut off at any byte, it has the records that were whole, and takes more", async (t) => {
  const { path, remove } = await journalIn("journal-cut", records);
  t.after(remove);
  const whole = readFileSync(path);
  const ends = endsOf(whole);
  assert.equal(ends.length, records.length);
  for (let length = 0; length <= whole.length; length += 1) {
    writeFileSync(path, whole.subarray(0, length));
    // A line that lacks only its line break is whole.
    const kept = records.slice(0, ends.filter((end) => end - 1 <= length).length);
    assert.deepEqual(await looked(path), kept, `${length}`);
    const journal = await openJournal(path);
    assert.deepEqual(await all(journal.read()), kept, `${length}`);
    const next = records[kept.length];
    if (next) await journal.write(next);
    await journal.close();
    assert.deepEqual(readFileSync(path), whole.subarray(0, ends[kept.length] ?? whole.length), `${length}`);
  }
});

test("with a bit or a byte changed anywhere, it is refused with the line, and stays as it is", async (t) => {
  const { path, remove } = await journalIn("journal-flip", records);
  t.after(remove);
  const whole = readFileSync(path);
  const ends = endsOf(whole);
  for (let at = 0; at < whole.length; at += 1) {
    const line = ends.filter((end) => end <= at).length + 1;
    for (const flip of [0x01, 0x80, 0xff, Number(whole[at]) ^ 0x0a, Number(whole[at])]) {
      if (flip === 0) continue;
      const changed = Buffer.from(whole);
      changed[at] = Number(whole[at]) ^ flip;
      writeFileSync(path, changed);
      const words =
        line === 1 ? /at line 1: |another kind of file|newer version/ : new RegExp(`at line ${line}: `);
      await assert.rejects(opened(path), refusal("bad-journal", words), `${at} ${flip}`);
      assert.deepEqual(readFileSync(path), changed);
    }
  }
});

test("a line that is missing, doubled, moved or another journal's is refused with its number", async (t) => {
  const { path, remove } = await journalIn("journal-lines", records);
  t.after(remove);
  const other = await journalIn("journal-other", recordsOf(5));
  t.after(other.remove);
  const whole = readFileSync(path, "utf8");
  const lines = whole.trimEnd().split("\n");
  const foreign = readFileSync(other.path, "utf8").split("\n")[3] ?? "";
  for (const [wrong, line] of /** @type {[string[], number][]} */ ([
    [lines.toSpliced(2, 1), 3],
    [lines.toSpliced(2, 0, lines[2] ?? ""), 4],
    [lines.toSpliced(2, 2, lines[3] ?? "", lines[2] ?? ""), 3],
    [lines.toSpliced(3, 1, foreign), 4],
    [lines.toSpliced(4, 0, ""), 5],
    [[...lines, foreign], lines.length + 1],
  ])) {
    writeFileSync(path, `${wrong.join("\n")}\n`);
    await assert.rejects(
      opened(path),
      refusal("bad-journal", new RegExp(`is damaged at line ${line}: .* Restore it`)),
    );
  }
  // A text without a line break behind the last record could only be a torn record if it begins as one.
  writeFileSync(path, `${whole}x`);
  await assert.rejects(opened(path), refusal("bad-journal", /no part of a record/));
});

test("zeros, as a loss of power leaves them, are cut off", async (t) => {
  const { path, remove } = await journalIn("journal-zeros", records);
  t.after(remove);
  const whole = readFileSync(path);
  for (const zeros of [1, 4096]) {
    change(path, (bytes) => Buffer.concat([bytes, Buffer.alloc(zeros)]));
    assert.deepEqual(await opened(path), records);
    assert.deepEqual(readFileSync(path), whole);
  }
});
