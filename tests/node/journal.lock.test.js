// One process at a time has a journal, and a killed one holds up nobody.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { test } from "node:test";
import { openJournal } from "ocisign/journal";
import { anotherWriter, journalIn, opened, recordsOf, refusal } from "../support/journals.js";

const records = recordsOf(4);

test("a second process stops, and names the first; so does a second opening in one process", async (t) => {
  const { path, remove } = await journalIn("journal-lock", records);
  t.after(remove);
  const first = anotherWriter(path);
  assert.equal(await first.next(), "open");
  assert.equal(statSync(`${path}.lock`).mode & 0o777, 0o600);
  const words = new RegExp(`is in use by process ${first.child.pid} on .*\\. Wait until that process ends`);
  await assert.rejects(openJournal(path), refusal("journal-in-use", words));
  first.child.stdin.end();
  await first.ended;
  const journal = await openJournal(path);
  await assert.rejects(openJournal(path), refusal("journal-in-use", new RegExp(`process ${process.pid} on`)));
  await journal.close();
  assert.deepEqual(await opened(path), records);
});

test("after SIGKILL the next one starts at once; its lock is the only one left", async (t) => {
  const { path, folder, remove } = await journalIn("journal-kill", records);
  t.after(remove);
  for (let times = 0; times < 3; times += 1) {
    const first = anotherWriter(path);
    assert.equal(await first.next(), "open");
    first.child.kill("SIGKILL");
    await first.ended;
    assert.deepEqual(readdirSync(folder), ["run.journal", "run.journal.lock"]);
  }
  assert.deepEqual(await opened(path), records);
  assert.deepEqual(readdirSync(folder), ["run.journal"]);
});

test("of many that find the lock of a killed one at the same time, one gets it", async (t) => {
  const { path, folder, remove } = await journalIn("journal-race", records);
  t.after(remove);
  const killed = anotherWriter(path);
  assert.equal(await killed.next(), "open");
  killed.child.kill("SIGKILL");
  await killed.ended;
  const racing = Array.from({ length: 6 }, () => anotherWriter(path));
  const said = await Promise.all(racing.map((one) => one.next()));
  assert.equal(said.filter((line) => line === "open").length, 1, said.join("\n"));
  assert.equal(said.filter((line) => line?.startsWith("journal-in-use: ")).length, 5, said.join("\n"));
  for (const { child } of racing) child.stdin.end();
  await Promise.all(racing.map(({ ended }) => ended));
  assert.deepEqual(readdirSync(folder), ["run.journal"]);
});

test("SIGKILL in the middle of writing loses nothing that was safe", async (t) => {
  const { path, remove } = await journalIn("journal-killed", records.slice(0, 2));
  t.after(remove);
  const running = anotherWriter(path, { count: 1_000_000 });
  assert.equal(await running.next(), "open");
  for (let line = 0; line < 5; line += 1) await running.next();
  running.child.kill("SIGKILL");
  await running.ended;
  const safe = Number(/\d+/.exec(running.lines.at(-1) ?? "safe 250")?.[0]);
  const kept = (await opened(path)).slice(2);
  assert.ok(kept.length >= safe && safe >= 250, `${kept.length} ${safe}`);
  assert.deepEqual(
    kept.map((record) => record.kind === "outcome" && record.index),
    kept.map((_, index) => index),
  );
});

/** A lock as another process left it. @param {Record<string, unknown>} changed */
function leave(path, changed, ageMs = 0) {
  const own = { pid: process.pid, host: hostname(), nonce: "0123456789abcdef" };
  writeFileSync(`${path}.lock`, JSON.stringify({ ...own, ...seen(), ...changed }));
  const then = new Date(Date.now() - ageMs);
  utimesSync(`${path}.lock`, then, then);
}

/** How this process would be written down. */
let seen = () => ({});

test("a process number that is used again, and another machine's process", async (t) => {
  const { path, remove } = await journalIn("journal-left", records);
  t.after(remove);
  const journal = await openJournal(path);
  const own = JSON.parse(readFileSync(`${path}.lock`, "utf8"));
  await journal.close();
  seen = () => own;
  // This process runs, but began at another time than the one that held the lock.
  leave(path, { started: "1" });
  assert.deepEqual(await opened(path), records);
  leave(path, {});
  await assert.rejects(opened(path), refusal("journal-in-use", new RegExp(`process ${process.pid} on`)));
  // What runs elsewhere is not seen from here: it counts whether it touched its lock.
  for (const elsewhere of [{ host: "other.example" }, { boot: "another" }, { pids: "pid:[1]" }]) {
    leave(path, { ...elsewhere, pid: 4_000_000 });
    await assert.rejects(opened(path), refusal("journal-in-use", /process 4000000 on /));
    leave(path, { ...elsewhere, pid: 4_000_000 }, 120_000);
    assert.deepEqual(await opened(path), records);
  }
});

test("a file in the lock's place that is none is left alone", async (t) => {
  const { path, remove } = await journalIn("journal-no-lock", records);
  t.after(remove);
  for (const content of ["", "mine", `{"pid":"1"}`]) {
    writeFileSync(`${path}.lock`, content);
    await assert.rejects(
      opened(path),
      refusal("bad-journal", /run\.journal\.lock was not made by ocisign\. Remove/),
    );
    assert.equal(readFileSync(`${path}.lock`, "utf8"), content);
  }
});
