// What `npm run mutants` tells of the changes that no test noticed, and how docs/mutants.md explains some.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { explainedMutants, told } from "../../tools/check/mutants.js";
import { root } from "../../tools/machine/command.js";

/** @param {string} change @param {import("../../tools/check/mutants.js").Mutant["outcome"]} outcome */
const mutant = (change, outcome, file = "src/a.rs") => ({ file, line: 7, change, outcome });

test("what lived is told with its place, unless it is explained for its file", () => {
  const mutants = [
    mutant("replace a with b", "killed"),
    mutant("replace c with d", "lived"),
    mutant("replace e with f", "lived"),
    mutant("replace c with d", "lived", "src/b.rs"),
    mutant("replace g with h", "timed out"),
  ];
  const { lines, unexplained } = told(mutants, [{ file: "src/a.rs", change: "replace c with d" }]);
  assert.equal(unexplained, 2);
  assert.deepEqual(lines, [
    "src/a.rs: 1 killed, 1 timed out, 2 lived",
    "src/b.rs: 1 lived",
    "all: 1 killed, 1 timed out, 3 lived; 1 of those that lived are explained",
    "lived: src/a.rs:7: replace e with f",
    "lived: src/b.rs:7: replace c with d",
  ]);
});

test("the document's rows are read, and name files that are there", () => {
  const explained = explainedMutants();
  assert.ok(explained.length > 10);
  for (const { file, change } of explained) {
    assert.ok(existsSync(join(root, file)), file);
    assert.match(change, /^(replace|delete) /);
  }
  const or = explained.find(({ change }) => change === "replace | with ^ in read_tag");
  assert.equal(or?.file, "grammar/src/reference.rs", "a bar in a table is written with a backslash");
});
