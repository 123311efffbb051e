// Does `npm run bench` run, and tell what it found?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../tools/tasks/bench.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ocisign-bench-test-"));
after(() => rmSync(folder, { recursive: true }));

test("the bench checks its contenders, tells what it measured, and writes it as JSON", () => {
  const json = join(folder, "bench.json");
  const args = ["--only", "references", "--rounds", "2", "--ms", "1", "--json", json];
  const told = execFileSync(process.execPath, [command, ...args], { encoding: "utf8" });
  assert.match(told, /one regular expression: \d+ of \d+ rows judged wrongly/);
  assert.match(told, /ocisign: 0 of \d+ rows judged wrongly/);
  const { results, rounds } = JSON.parse(readFileSync(json, "utf8"));
  assert.equal(rounds, 2);
  for (const { value, beside } of results) {
    assert.ok(value > 0);
    for (const { least, ratio, most } of beside) assert.ok(least <= ratio && ratio <= most);
  }
});
