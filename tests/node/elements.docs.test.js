// docs/elements.md tells all that a page may set, style, say and hear, and nothing else.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { strings } from "ocisign/elements";
import { readDocument } from "../packed/support/docs.js";

const elements = fileURLToPath(new URL("../../pkg/src/elements", import.meta.url));
const sources = Object.fromEntries(
  readdirSync(elements, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[jt]s$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => [name, readFileSync(join(elements, name), "utf8")]),
);
const types = readFileSync(join(elements, "index.d.ts"), "utf8");
const { text, rowsOf } = readDocument("elements.md");

/** @param {string} of @param {RegExp} pattern */
const found = (of, pattern) => [...new Set([...of.matchAll(pattern)].map(([, name]) => name))].sort();
const cells = (/** @type {string} */ heading) =>
  rowsOf(heading).map((row) => row.map((cell) => cell.replaceAll("`", "")));

test("the properties that a page may set, with their defaults", () => {
  const set = [...sources["styles.js"].matchAll(/var\((--ocisign-[\w-]+), (.*)\);/g)].map(
    ([, name, value]) => {
      const [, light, dark] = value.match(/^light-dark\((\S+), (\S+)\)$/) ?? [];
      return [name, light ? `${light}, ${dark}` : value];
    },
  );
  const told = cells("How they look").filter(([name]) => name.startsWith("--"));
  const isFont = (/** @type {string} */ name) => name === "--ocisign-font" || name === "--ocisign-font-mono";
  const withoutFonts = (/** @type {string[][]} */ rows) =>
    rows.map(([name, value]) => [name, isFont(name) ? "" : value]);
  assert.deepEqual(withoutFonts(told), withoutFonts(set));
});

test("the parts of each element; those of a file beside them are any element's", () => {
  const rows = cells("How they look").filter(([name]) => !name.startsWith("--"));
  const names = found(types, /"ocisign-(\w+)": Ocisign\w+;/g);
  const partsIn = (isMeant) =>
    Object.entries(sources)
      .filter(([name]) => isMeant(name.replace(/[/.].*/s, "")))
      .flatMap(([, code]) => [...code.matchAll(/\bpart=(?:"([^"]*)"|\$\{([^}]*)\})/g)])
      .flatMap(([, plain, code]) => (plain ? [plain] : [...code.matchAll(/"([^"]+)"/g)].map(([, it]) => it)))
      .flatMap((parts) => parts.split(" "));
  const anyones = partsIn((folder) => !names.includes(folder));
  for (const name of names) {
    const own = partsIn((folder) => folder === name);
    const isOf = (of) => of === "all" || of.split(", ").includes(name);
    const told = rows.filter(([, of]) => isOf(of)).flatMap(([parts]) => parts.split(", "));
    assert.deepEqual(
      own.filter((part) => !told.includes(part)),
      [],
      `${name}: not told`,
    );
    assert.deepEqual(
      told.filter((part) => ![...own, ...anyones].includes(part)),
      [],
      `${name}: not there`,
    );
  }
});

test("elements, attributes and events", () => {
  const rows = cells("Elements for your own page");
  assert.deepEqual(
    rows.map(([name]) => name.replace(/[<>]/g, "")).sort(),
    found(types, /"(ocisign-\w+)": Ocisign\w+;/g),
  );
  for (const [name, , attributes, events] of rows) {
    const described =
      types.match(new RegExp(`\\n \\* \`${name}\`[^]*?\\n}\\n`))?.[0] ?? assert.fail(`${name} is not there`);
    assert.deepEqual(attributes.split(", ").sort(), attributesIn(described), name);
    for (const event of events.split(", ")) assert.ok(described.includes(`\`${event}\``), `${name} ${event}`);
  }
  for (const event of found(types, /"(ocisign-\w+)": CustomEvent/g)) assert.ok(text.includes(event), event);
});

/** Those that are named, and those that are called like their property. @param {string} described */
function attributesIn(described) {
  return found(described, /Attribute `([\w-]+)`/g);
}

test("the parts of the strings, by the names that the types have", () => {
  const typed = types.match(/type StringsPart = .*/)?.[0] ?? "";
  assert.deepEqual(Object.keys(strings).sort(), found(typed, /"(\w+)"/g));
});
