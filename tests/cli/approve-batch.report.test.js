// What do the reports of a decision about several requests hold: all of them, whatever became of each?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { idOf, imageOf, requestOf } from "../support/batch-service.js";
import { against, wordsIn } from "../support/batch-shell.js";

const several = (/** @type {number} */ count) => Array.from({ length: count }, (_, n) => requestOf(n + 1));
const reports = ["--report", "out.jsonl", "--report", "out.xml", "--report", "out.csv"];

/** @typedef {Awaited<ReturnType<typeof against>>} Shell */

/** What stands in each report. @param {Shell} shell */
function reported({ folder }) {
  const text = (/** @type {string} */ name) => readFileSync(join(folder, name), "utf8");
  const lines = text("out.jsonl").trim().split("\n").filter(Boolean);
  const rows = text("out.csv").trim().split("\r\n").slice(1);
  const entries = lines.map((line) => JSON.parse(line));
  assert.equal(rows.length, entries.length);
  const [, tests] = /tests="(\d+)"/.exec(text("out.xml")) ?? [];
  assert.equal(Number(tests), entries.length);
  return { entries, xml: text("out.xml") };
}

/** @param {Shell} shell @param {string[]} args */
async function decided(shell, ...args) {
  const first = await shell.ocisign(shell.args(...args));
  return shell.ocisign(shell.args(...args, "--confirm", wordsIn(first.stderr), ...reports));
}

test("a request that could not be read stands in each report, with why", async (t) => {
  const shell = await against(several(3), ({ method, path }) =>
    method === "GET" && path.includes(idOf(3)) ? { status: 400, body: { message: "broken" } } : undefined,
  );
  t.after(shell.close);
  const ids = [1, 2, 3].map(idOf);
  for (const args of [ids, ["--batch", "nightly"]]) {
    const ended = await decided(shell, "approve", ...args);
    assert.equal(ended.code, 1, ended.stderr);
    const { entries, xml } = reported(shell);
    assert.deepEqual(entries.map(({ id, state, error }) => [id, state, error?.code]).sort(), [
      [idOf(1), "approved", undefined],
      [idOf(2), "approved", undefined],
      [idOf(3), "unreachable", "bad-request"],
    ]);
    assert.match(xml, /errors="1"/);
    assert.match(xml, new RegExp(`name="request ${idOf(3)}"`));
    for (const id of [idOf(1), idOf(2)]) shell.held.set(id, requestOf(Number(id.slice(-3))));
  }
});

test("one that may be of another batch is told, too, and fails nothing", async (t) => {
  const shell = await against(several(2), ({ method, path, held }) =>
    method === "GET" && /imagesignings(\?|$)/.test(path)
      ? { body: [...held.values(), { id: "x", status: "?" }, { status: 2 }] }
      : undefined,
  );
  t.after(shell.close);
  const ended = await decided(shell, "approve", "--batch", "nightly");
  assert.equal(ended.code, 0, ended.stderr);
  const { entries, xml } = reported(shell);
  assert.deepEqual(entries.map(({ id, state }) => [id ?? "-", state]).sort(), [
    ["-", "notTried"],
    [idOf(1), "approved"],
    [idOf(2), "approved"],
    ["x", "notTried"],
  ]);
  assert.match(xml, /failures="0" errors="0" skipped="2"/);
});

for (const [what, status, verb, code] of /** @type {[string, number, "approve" | "reject", number][]} */ ([
  ["signed", 16, "approve", 0],
  ["rejected", 32, "approve", 4],
  ["rejected", 32, "reject", 0],
  ["signed", 16, "reject", 1],
])) {
  test(`where all are ${what} already, ${verb} asks nothing, and replaces an older report`, async (t) => {
    const shell = await against(several(2).map((one) => ({ ...one, status })));
    t.after(shell.close);
    for (const name of ["out.jsonl", "out.xml", "out.csv"]) shell.file(name, "of another run");
    const comment = verb === "reject" ? ["--comment", "no"] : [];
    const ended = await shell.ocisign(shell.args(verb, "--batch", "nightly", ...comment, ...reports));
    assert.equal(ended.code, code, ended.stderr);
    const { entries } = reported(shell);
    assert.deepEqual(
      entries.map(({ index, id, reference, state, error }) => [index, id, reference, state, error?.code]),
      [1, 2].map((n) => [n - 1, idOf(n), imageOf(n), "notTried", "conflict"]),
    );
    assert.equal(shell.posts().length, 0);
  });
}

test("where none can be approved, the reports say why of each", async (t) => {
  const requests = several(3);
  for (const { payload } of requests) payload.optionalParameters = [];
  requests[2].status = 32;
  const shell = await against(requests);
  t.after(shell.close);
  const ended = await shell.ocisign(shell.args("approve", "--batch", "nightly", ...reports));
  assert.equal(ended.code, 1, ended.stderr);
  assert.match(ended.stderr, /None of the 2 open requests can be approved/);
  const { entries } = reported(shell);
  assert.deepEqual(
    entries.map(({ state, error }) => [state, error.code]),
    [
      ["notTried", "bad-reply"],
      ["notTried", "bad-reply"],
      ["notTried", "conflict"],
    ],
  );
});

test("whoever does not confirm keeps the older report", async (t) => {
  const shell = await against(several(2));
  t.after(shell.close);
  shell.file("out.csv", "of another run");
  await shell.ocisign(shell.args("approve", "--batch", "nightly", "--report", "out.csv"));
  assert.equal(readFileSync(join(shell.folder, "out.csv"), "utf8"), "of another run");
});
