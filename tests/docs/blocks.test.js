// No block of a document is run by nobody.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import { root } from "../../tools/machine/command.js";
import { blocksFor, blocksIn, everyBlock, otherTestOf, otherTests, runnerOf } from "../support/documents.js";

test("every block says its language, and has somebody who runs it", () => {
  const unknown = everyBlock().filter((block) => !runnerOf(block) && !otherTestOf(block));
  assert.deepEqual(
    unknown.map(({ place, language }) => `${place}: "${language}"`),
    [],
  );
});

test("what another test runs, it names; and there is such a block", () => {
  const blocks = everyBlock();
  for (const [file, heading, path] of otherTests()) {
    assert.ok(
      blocks.some((block) => block.file === file && block.heading === heading),
      `${file} has no block under "${heading}"`,
    );
    const code = readFileSync(join(root, path), "utf8");
    const names = path.endsWith(".js") ? [`"${heading}"`, heading] : [file];
    assert.ok(
      names.some((name) => code.includes(name)),
      `${path} does not name ${heading} of ${file}`,
    );
  }
});

test("a block is found with its heading, its place and what it needs, whatever its fence", () => {
  const text =
    "# A\n```js\n// Fragment: `one` is a number, and `two` too.\none + two;\n```\n## B\n~~~~sh\n```\n~~~~\n";
  const [first, second, ...others] = blocksIn("a.md", text);
  assert.deepEqual([first?.heading, first?.place, first?.needs], ["A", "a.md:2", ["one", "two"]]);
  assert.deepEqual(
    [second?.heading, second?.language, second?.code, second?.needs],
    ["B", "sh", "```\n", undefined],
  );
  assert.deepEqual(others, []);
  assert.throws(() => blocksIn("a.md", "```js\n"), /does not end/);
});

for (const { place, code } of blocksFor("yaml")) {
  test(`${place} is YAML`, () => {
    for (const document of parseAllDocuments(code)) assert.deepEqual(document.errors, []);
  });
}

for (const { place, code, language } of blocksFor("form")) {
  test(`${place} has the form of ${language}`, () => {
    const lines = code.split("\n").filter((line) => line.trim() && !line.startsWith("#"));
    const form = language === "http" ? /^[\w-]+: \S.*$/ : /(?:[;{}]|^#.*)$/;
    for (const line of lines) assert.match(line, form);
    assert.equal(code.split("{").length, code.split("}").length);
  });
}
