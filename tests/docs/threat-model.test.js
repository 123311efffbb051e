// Does each defence that the threat model claims name a test that is there?
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/machine/command.js";

const text = readFileSync(join(root, "docs", "threat-model.md"), "utf8");
const rows = text
  .split("\n")
  .filter((line) => /^\| (?!Attack|Slip|Asset|-)/.test(line))
  .map((line) => line.split(" | "))
  .filter((cells) => cells.length === 3);

test("each defence names tests, and each of them is there", () => {
  assert.ok(rows.length > 30, `${rows.length} rows`);
  for (const [attack, , shown = ""] of rows) {
    const tests = [...shown.matchAll(/`(tests\/[^`]+)`/g)].map(([, path]) => path ?? "");
    assert.notDeepEqual(tests, [], attack);
    for (const path of tests) assert.ok(existsSync(join(root, path)), `${attack}: ${path}`);
  }
});
