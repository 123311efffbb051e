// docs/elements.md tells all that a page may set, style, say and hear, and nothing else; so do the comments at the code.
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
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name, readFileSync(join(elements, name), "utf8")]),
);
const types = readFileSync(fileURLToPath(new URL("../../pkg/dist/elements.d.ts", import.meta.url)), "utf8");
const { text, rowsOf } = readDocument("elements.md");

/** @param {string} of @param {RegExp} pattern */
const found = (of, pattern) => [...new Set([...of.matchAll(pattern)].map(([, name]) => name))].sort();
const cells = (/** @type {string} */ heading) =>
  rowsOf(heading).map((row) => row.map((cell) => cell.replaceAll("`", "")));

test("the properties that a page may set, with their defaults", () => {
  const set = [...sources["styles.ts"].matchAll(/var\((--ocisign-[\w-]+), (.*)\);/g)].map(
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

test("what a part is, in the same words at the class", () => {
  for (const name of ["all", ...found(types, /"ocisign-(\w+)": Ocisign\w+;/g)]) {
    const told = rowsOf("How they look")
      .filter(([parts, of]) => !parts.startsWith("`--") && of.split(", ").includes(name))
      .flatMap(([parts, , words]) => {
        const names = parts.replaceAll("`", "").split(", ");
        const each = names.length === 1 ? [words] : words.split("; ");
        return names.map((part, index) => `${part} - ${each[index]}`);
      });
    const own = [...declarationOf(name).matchAll(/@csspart (.*)/g)].map(([, part]) => part);
    assert.deepEqual(own.sort(), told.sort(), name);
  }
});

test("elements, attributes and events", () => {
  const rows = cells("Elements for your own page");
  assert.deepEqual(
    rows.map(([name]) => name.replace(/[<>]/g, "")).sort(),
    found(types, /"(ocisign-\w+)": Ocisign\w+;/g),
  );
  for (const [tag, , attributes, events] of rows) {
    const name = tag.replace(/[<>]|ocisign-/g, "");
    const declaration = declarationOf(name);
    assert.deepEqual(attributes.split(", ").sort(), attributesIn(sources[`${name}.ts`]), name);
    assert.deepEqual(found(declaration, /Attribute `([\w-]+)`/g), attributesIn(sources[`${name}.ts`]), name);
    assert.deepEqual(
      [...events.split(", "), "ocisign-error"].sort(),
      found(declarationOf("all") + declaration, /@fires (\S+)/g),
      name,
    );
  }
  for (const event of found(types, /"(ocisign-\w+)": CustomEvent/g)) assert.ok(text.includes(event), event);
});

/** An element's comment and class, as users have them; "all" is what they extend. @param {string} name */
function declarationOf(name) {
  if (name === "all") return sources["base.ts"];
  const start = types.indexOf(` * \`<ocisign-${name}>\``);
  return types.slice(start, types.indexOf("\n}\n", start));
}

/** Those that have a name of their own, and those that are called like their property. @param {string} source */
function attributesIn(source) {
  const properties = [...source.matchAll(/@property\((.*?)\)\s+(?:override )?(\w+)/g)];
  return properties
    .filter(([, options]) => !options.includes("attribute: false"))
    .map(([, options, name]) => /attribute: "([\w-]+)"/.exec(options)?.[1] ?? name)
    .sort();
}

test("the parts of the strings, by the names that the types have", () => {
  const [typed] = types.match(/type StringsPart = .*/) ?? assert.fail("no type");
  assert.deepEqual(Object.keys(strings).sort(), found(typed, /"(\w+)"/g));
});
