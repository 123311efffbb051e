// The package as Node sees it: its names, one instance, and the codes that its types name.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as esm from "ocisign";

const cjs = createRequire(import.meta.url)("ocisign");
const types = readFileSync(new URL("../../pkg/dist/index.d.ts", import.meta.url), "utf8");

test("ES module and CommonJS share one instance and all names", async () => {
  assert.deepEqual(Object.keys(esm).sort(), Object.keys(cjs).sort());
  for (const [name, value] of Object.entries(esm)) assert.equal(value, cjs[name], name);
  assert.equal(await esm.default(), undefined, "init() has nothing to do in Node");
  assert.throws(() => cjs.parseReference(""), esm.OcisignError);
});

test("the types name exactly what is there", async () => {
  const declared = [
    ...types.matchAll(/^export (?:declare )?(?:function|class|const) (\w+)/gm),
    ...types.matchAll(/^\s*\w+ as (default)\b/gm),
  ];
  assert.deepEqual(declared.map(([, name]) => name).sort(), Object.keys(esm).sort());
});

test("the types name exactly the codes that the core has, and say the same of them", () => {
  const core = readFileSync(new URL("../../src/code.rs", import.meta.url), "utf8");
  const codes = types.slice(
    types.indexOf("export type ReferenceErrorCode"),
    types.indexOf("export type Taken"),
  );
  const inTypes = [...codes.matchAll(/\/\*\* (.+) \*\/\n[ |]*"([a-z0-9-]+)";?$/gm)];
  const inCore = [...core.matchAll(/^ {4}\/\/\/ (.+)\n {4}\w+ = "([a-z0-9-]+)",$/gm)];
  assert.ok(inCore.length > 40);
  const told = (matches) => matches.map(([, said, code]) => `${code}: ${said}`);
  assert.deepEqual(told(inTypes), told(inCore));
});

test("an error about a reference always knows its place", () => {
  const placed = types.slice(
    types.indexOf("export type ReferenceErrorCode"),
    types.indexOf("export type PlacedErrorCode"),
  );
  const codes = new Set([...placed.matchAll(/^[ |]*"([a-z0-9-]+)"/gm)].map(([, code]) => code));
  const unseen = new Set(codes);
  for (const table of ["references-distribution.tsv", "references-ours.tsv"]) {
    const rows = readFileSync(new URL(`../${table}`, import.meta.url), "utf8").split("\n");
    for (const text of rows.map((row) => row.split("\t")[0])) {
      for (const { code, offset } of esm.scanReferences(text).errors) {
        assert.ok(codes.has(code), code);
        assert.equal(typeof offset, "number", text);
        unseen.delete(code);
      }
    }
  }
  // What the tables write with escapes.
  for (const text of ["", "a.b/c\0", "\u0430.b/c", `a.b/${"c".repeat(256)}@sha256:00`, "a.b/c@sha256:AA"]) {
    assert.throws(
      () => esm.parseReference(text),
      ({ code, offset }) => unseen.delete(code) && offset >= 0,
    );
  }
  assert.deepEqual([...unseen], []);
});
