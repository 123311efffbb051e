// What a terminal, and a runner that reads its log, may see of foreign text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/shown/visible.ts")} */
const { visible, visibleJson, visibleJsonLine } = await importSource("pkg/src/shown/visible.ts");

/** Each a command of a runner: of GitHub in two forms, of Azure, and of TeamCity. */
const commands = [
  "::set-output name=x::y",
  " ::error file=a,line=1::y",
  "::stop-commands::token",
  "##[set-output name=x;]y",
  "in the middle ##[add-path]/tmp",
  "###[group]x",
  "##vso[task.setvariable variable=x]y",
  "##teamcity[buildStatus status='SUCCESS']",
];

test("a text that would be a command to a runner is written out", () => {
  for (const text of commands) {
    const said = visible(text);
    assert.doesNotMatch(said, /##\w*\[|^\s*::/, said);
    // Nothing but the first sign of each is changed.
    const back = said.replace(/\\u\{(23|3a)\}/g, (_, code) =>
      String.fromCodePoint(Number.parseInt(code, 16)),
    );
    assert.equal(back, text);
    assert.doesNotMatch(visibleJsonLine({ text }) + visibleJson([text]), /##\w*\[/);
    assert.deepEqual(
      [JSON.parse(visibleJsonLine({ text })), JSON.parse(visibleJson([text]))],
      [{ text }, [text]],
    );
  }
});

test("what only looks a little like one stays as it is", () => {
  for (const text of ["# a", "## a [b]", "a::b", "::1", "::ffff:10.0.0.1", "a ::error::b", "C#[int]"]) {
    assert.equal(visible(text), text);
  }
});

test("what begins like a command, and never ends, is searched once", () => {
  for (const text of [
    `::${"a-".repeat(2_000_000)}`,
    `::${"-".repeat(2_000_000)}`,
    `:: ${"a".repeat(2_000_000)}`,
  ]) {
    assert.equal(visible(text), text);
  }
});
