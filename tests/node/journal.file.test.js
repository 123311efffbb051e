// A journal in a file: what is written is there again, and what the system refuses is told exactly.
import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { openJournal, readJournal } from "ocisign/journal";
import {
  all,
  anotherWriter,
  change,
  journalIn,
  looked,
  opened,
  recordsOf,
  refusal,
} from "../support/journals.js";
import { temporaryFolder } from "../support/sandbox.js";

const records = recordsOf(8);

test("what was written is there again, in its order, in a private file of JSON lines", async (t) => {
  const { path, folder, remove } = await journalIn("journal-file", records);
  t.after(remove);
  assert.deepEqual(await opened(path), records);
  assert.deepEqual(await looked(path), records);
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => {
      const { sum, ...record } = JSON.parse(line);
      assert.match(sum, /^[0-9a-f]{16}$/);
      return record;
    }),
    records,
  );
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ["run.journal"], "the lock has gone");
});

test("texts that are far too long are shortened, and what stands behind them is read", async (t) => {
  const { path, remove } = await journalIn("journal-long", records.slice(0, 2));
  t.after(remove);
  const long = "x".repeat(3_000_000);
  const outcome = /** @type {const} */ ({ kind: "outcome", index: 0, reference: long, state: "failed" });
  const journal = await openJournal(path);
  await journal.write({ ...outcome, error: { code: "bad-reference", message: `It is ${long}`, fix: long } });
  await journal.write({
    ...outcome,
    index: 1,
    reference: "r.example/a@sha256:0",
    state: "waiting",
    id: long,
  });
  await journal.write({
    ...outcome,
    index: 2,
    reference: "r.example/b@sha256:0",
    state: "signed",
    id: "kept",
  });
  await journal.close();
  const [wrong, nameless, last] = (await opened(path)).slice(2);
  assert.ok(wrong?.kind === "outcome" && wrong.error);
  for (const text of [wrong.reference, wrong.error.message, wrong.error.fix]) {
    assert.equal(text.length, 4096);
    assert.ok(text.endsWith("x…"));
  }
  // A part of an id would be another request's: this one is looked for.
  assert.ok(nameless?.kind === "outcome" && nameless.id === undefined);
  assert.equal(nameless.state, "doubtful");
  assert.match(String(nameless.error?.message), /an id of 3000000 characters/);
  assert.deepEqual(last, {
    ...outcome,
    index: 2,
    reference: "r.example/b@sha256:0",
    state: "signed",
    id: "kept",
  });
});

test("records that are written side by side are in the order of the calls, and in a later opening", async (t) => {
  const { path, remove } = await journalIn("journal-groups");
  t.after(remove);
  assert.deepEqual(await opened(path), []);
  const journal = await openJournal(path);
  const [head, ...others] = records;
  await journal.write(head);
  await Promise.all(others.slice(0, 4).map((record) => journal.write(record)));
  assert.deepEqual(await all(journal.read()), records.slice(0, 5));
  // Not awaited: the end waits for it.
  const last = journal.write(others[4]);
  await journal.close();
  await last;
  await assert.rejects(journal.write(head), refusal("bad-journal", /is closed\. Write before/));
  const again = await openJournal(path);
  for (const record of others.slice(5)) await again.write(record);
  assert.deepEqual(await all(again.read()), records);
  await again[Symbol.asyncDispose]();
  await assert.rejects(again.write(head), refusal("bad-journal", /is closed/));
});

test("CommonJS has the same code", () => {
  const required = createRequire(import.meta.url)("ocisign/journal");
  assert.equal(required.openJournal, openJournal);
  assert.equal(required.readJournal, readJournal);
});

test("what is no journal is refused, and not touched", async (t) => {
  const { folder, remove } = temporaryFolder("journal-foreign");
  t.after(remove);
  const path = join(folder, "file");
  const newer = `{"kind":"run","version":2,"batch":"b","more":true,"sum":"0000000000000000"}\n`;
  const whole = await journalIn("journal-foreign-one", records);
  t.after(whole.remove);
  const headless = readFileSync(whole.path, "utf8").replace(/^.*\n/, "");
  for (const [content, words] of /** @type {[string, RegExp][]} */ ([
    ["registry.example/app@sha256:00\n", /is another kind of file: its first line is not a journal's\. Name/],
    ["no line break", /another kind of file/],
    ["\n", /another kind of file/],
    [`{"name":"something"}\n`, /another kind of file/],
    ["x".repeat(3_000_000), /another kind of file/],
    [headless, /another kind of file/],
    [newer, /was written by a newer version of ocisign \(format 2; this one knows format 1\)\. Update/],
  ])) {
    writeFileSync(path, content);
    await assert.rejects(opened(path), refusal("bad-journal", words));
    await assert.rejects(looked(path), refusal("bad-journal", words));
    assert.equal(readFileSync(path, "utf8"), content);
    assert.deepEqual(readdirSync(folder), ["file"]);
  }
});

test("a file that cannot be is told with the reason", async (t) => {
  const { folder, remove } = temporaryFolder("journal-refused");
  t.after(remove);
  mkdirSync(join(folder, "folder"));
  symlinkSync("loop", join(folder, "loop"));
  writeFileSync(join(folder, "plain"), "");
  for (const [path, words] of /** @type {[string, RegExp][]} */ ([
    [join(folder, "folder"), /\/folder is a folder\. Name a file in it/],
    [join(folder, "missing", "j"), /missing\/j cannot be written: its folder is not there\. Make the folder/],
    [join(folder, "plain", "j"), /a part of the path is not a folder/],
    ["/dev/full", /is no regular file\. Name a file on a disk/],
    [join(folder, "x".repeat(300)), /so long a name/],
    ["a\0b", /such a name/],
    [join(folder, "loop"), /cannot be written: the system refuses it \(ELOOP\)/],
    [join(folder, "missing\u202e", "j"), /missing\\u\{202e\}\/j cannot be written/],
  ])) {
    await assert.rejects(openJournal(path), refusal("bad-journal", words));
  }
  await assert.rejects(looked(join(folder, "none")), refusal("bad-journal", /none is not there\. Check/));
  assert.deepEqual(readdirSync(folder).sort(), ["folder", "loop", "plain"]);
});

test("a file or folder that may not be written is told, and another user's journal is untouched", async (t) => {
  const { path, folder, remove } = await journalIn("journal-readonly", records);
  t.after(remove);
  const before = readFileSync(path);
  // The root user may write everything: then it is another user who tries.
  const uid = process.getuid?.() === 0 ? 65534 : undefined;
  chmodSync(folder, 0o777);
  chmodSync(path, 0o444);
  const reader = anotherWriter(path, { count: 1, uid });
  assert.match(
    String(await reader.next()),
    /^bad-journal: .*you may not write it or its folder\. Name another file, or give yourself/,
  );
  chmodSync(path, 0o666);
  chmodSync(folder, 0o555);
  const outside = anotherWriter(path, { count: 1, uid });
  assert.match(
    String(await outside.next()),
    /^bad-journal: .*you may not write it or its folder\. Name another file, or give yourself/,
  );
  await Promise.all([reader.ended, outside.ended]);
  chmodSync(folder, 0o700);
  assert.deepEqual(readFileSync(path), before);
  assert.deepEqual(readdirSync(folder), ["run.journal"]);
});

test("a full disk is told; what was said to be safe is there, and nothing else", async (t) => {
  const { folder, remove } = temporaryFolder("journal-full");
  t.after(remove);
  // As a user of a namespace of its own, anybody may mount; what the process left is copied out of it.
  const [disk, copy] = [join(folder, "disk"), join(folder, "copy")];
  mkdirSync(disk);
  const script = 'mount -t tmpfs -o size=64k tmpfs "$1" && shift && "$@"; cp "$OLD/run.journal" "$NEW"';
  const wrapped = ["unshare", "-rm", "env", `OLD=${disk}`, `NEW=${copy}`, "sh", "-c", script, "sh", disk];
  const running = anotherWriter(join(disk, "run.journal"), { wrapped, count: 5000 });
  await running.ended;
  if (!existsSync(copy)) {
    t.skip("this machine does not let a user mount a small disk");
    return;
  }
  const said = running.lines.at(-2) ?? "";
  assert.match(
    said,
    /^bad-journal: .* the disk is full\. Make room on the disk\. Then start again with the same journal\.$/,
  );
  await intactUpTo(running.lines.at(-1), copy);
});

test("so is a limit on the size of files", async (t) => {
  const { folder, remove } = temporaryFolder("journal-limit");
  t.after(remove);
  const path = join(folder, "run.journal");
  const wrapped = ["bash", "-c", 'trap "" XFSZ; ulimit -f 40; exec "$@"', "bash"];
  const running = anotherWriter(path, { wrapped, count: 5000 });
  await running.ended;
  assert.match(running.lines.at(-2) ?? "", /^bad-journal: .* no file may be so large here\. Raise the limit/);
  await intactUpTo(running.lines.at(-1), path);
  assert.deepEqual(readdirSync(folder), ["run.journal"]);
});

/** The records that were safe are in it, and no torn one. */
async function intactUpTo(said, path) {
  const safe = Number(/^safe (\d+)$/.exec(said)?.[1]);
  assert.ok(safe > 50, said);
  const found = (await looked(path)).slice(1);
  assert.equal(readFileSync(path, "utf8").at(-1), "\n", "the last line is whole");
  assert.deepEqual(
    found.map((record) => record.kind === "outcome" && record.index),
    Array.from({ length: safe }, (_, index) => index),
  );
}

test("the first record says what the run is about", async (t) => {
  const { path, remove } = await journalIn("journal-headless");
  t.after(remove);
  const journal = await openJournal(path);
  await assert.rejects(journal.write(records[1]), refusal("bad-input", /begins with a record of kind `run`/));
  await journal.write(records[0]);
  await journal.write(records[1]);
  await journal.close();
  assert.deepEqual(await opened(path), records.slice(0, 2));
});

for (const [what, act, words] of /** @type {[string, (path: string) => void, RegExp][]} */ ([
  ["deleted", (path) => rmSync(path), /was deleted while it was written\. Stop what else uses this file/],
  ["replaced", (path) => [renameSync(path, `${path}.old`), writeFileSync(path, "")], /was replaced while/],
  ["longer", (path) => appendFileSync(path, "x"), /was changed by something else while/],
  [
    "shorter",
    (path) => change(path, (bytes) => bytes.subarray(0, -5)),
    /was changed by something else while/,
  ],
  ["unlocked", (path) => rmSync(`${path}.lock`), /lost its lock/],
])) {
  test(`a journal that is ${what} while it is written takes no further record`, async (t) => {
    const { path, remove } = await journalIn("journal-lost", records.slice(0, 3));
    t.after(remove);
    const journal = await openJournal(path);
    await journal.write(records[3]);
    act(path);
    const before = existsSync(path) ? readFileSync(path) : undefined;
    await assert.rejects(journal.write(records[4]), refusal("bad-journal", words));
    await assert.rejects(journal.write(records[5]), refusal("bad-journal", words));
    await journal.close();
    assert.deepEqual(existsSync(path) ? readFileSync(path) : undefined, before);
  });
}
