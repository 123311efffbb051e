// Do we and distribution/reference read the same references, but for our documented rules?
// OCISIGN_SEED, OCISIGN_COUNT and OCISIGN_FROM repeat a run, or a part of it: see `npm run test:differential -- --help`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { rows } from "../../bench/lib/tables.js";
import { root } from "../../tools/machine/command.js";
import { goProgram } from "../../tools/machine/go.js";
import { compare, tabled } from "./compare.js";
import { references, rules } from "./references.js";
import { runOf } from "./settings.js";

const program = goProgram("reference-reader");
const run = runOf(200_000, 20);

test(`${run.count} references (OCISIGN_SEED=${run.seed})`, async (t) => {
  const counts = await compare(references, program, run);
  t.diagnostic(`\n${tabled(counts)}`);
  // A rule that no input meets is no longer one, or has no tests.
  if (run.count >= 200_000)
    for (const { name } of rules) assert.ok(counts.has(name), `no input met the rule: ${name}`);
});

test("every row of the tables", async () => {
  const texts = rows().map(({ text }) => text);
  let next = 0;
  const listed = { ...references, make: () => texts[next++] ?? "" };
  await compare(listed, program, { seed: 0, from: 0, count: texts.length });
});

test("a difference that no rule explains is told with its input, its seed, and how to ask it again", async () => {
  const strange = `registry.example/team/app@sha256:${"ab".repeat(32)}`;
  const [read] = await references.ours([strange]);
  for (const [ours, said] of /** @type {[any, RegExp][]} */ ([
    [{ code: "tag-invalid" }, /ours refuses it \(tag-invalid\), theirs reads .*"registry\.example"/],
    [{ code: "digest-missing" }, /ours refuses it \(digest-missing\)/],
    ...["registry", "repository", "tag", "digest", "canonical"].map((part) => [
      { ...read, [part]: "another" },
      /theirs reads .*, ours .*"another"/,
    ]),
  ])) {
    const wrong = { ...references, make: () => strange, ours: () => [ours] };
    const comparing = compare(wrong, program, { seed: 7, from: 3, count: 1 });
    await assert.rejects(comparing, ({ message }) => {
      assert.match(message, said);
      assert.ok(message.startsWith(JSON.stringify(strange)), message);
      assert.match(message, /npm run test:differential -- --only reference --seed 7 --from 3 --inputs 1$/);
      return true;
    });
  }
  const accepting = {
    ...references,
    make: () => "registry.example/App",
    ours: () => [/** @type {any} */ (read)],
  };
  await assert.rejects(
    compare(accepting, program, { seed: 7, from: 0, count: 1 }),
    /theirs refuses it, ours reads/,
  );
});

test("docs/differential.md has each rule", () => {
  const text = readFileSync(join(root, "docs", "differential.md"), "utf8");
  for (const { name } of rules) assert.ok(text.includes(`| ${name} |`), name);
});
