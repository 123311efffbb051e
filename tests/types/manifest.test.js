// custom-elements.json: of the form that editors know, and with all that docs/elements.md tells of the elements.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import { readDocument } from "../packed/support/docs.js";
import { root } from "../support/examples.js";

const pkg = join(root, "pkg");
const { customElements: path } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
const manifest = JSON.parse(readFileSync(join(pkg, path), "utf8"));
/** @type {import("../../tools/build/elements-manifest.js").Element[]} */
const elements = manifest.modules[0].declarations;
const { rowsOf } = readDocument("elements.md");

const cells = (/** @type {string} */ heading) =>
  rowsOf(heading).map((row) => row.map((cell) => cell.replaceAll("`", "")));
const names = (/** @type {{ name: string }[]} */ named) => named.map(({ name }) => name).sort();

test("its form is the one of the schema", () => {
  const schema = createRequire(import.meta.url)("custom-elements-manifest/schema.json");
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.validate(schema, manifest);
  assert.deepEqual(ajv.errors, null);
});

test("elements, attributes, events and parts are those of the document", () => {
  const rows = cells("Elements for your own page");
  assert.deepEqual(elements.map(({ tagName }) => `<${tagName}>`).sort(), rows.map(([tag]) => tag).sort());
  const parts = cells("How they look").filter(([name]) => !name?.startsWith("--"));
  for (const [tag, , attributes = "", events = ""] of rows) {
    const element = elements.find(({ tagName }) => `<${tagName}>` === tag) ?? assert.fail(tag);
    assert.deepEqual(names(element.attributes), attributes.split(", ").sort());
    assert.deepEqual(names(element.events), [...events.split(", "), "ocisign-error"].sort());
    const name = element.tagName.replace("ocisign-", "");
    const told = parts.filter(([, of = ""]) => of === "all" || of.split(", ").includes(name));
    assert.deepEqual(names(element.cssParts), told.flatMap(([part = ""]) => part.split(", ")).sort());
  }
});

test("everything is described, and the properties of all elements are in each", () => {
  const set = cells("How they look").flatMap(([name = ""]) => (name.startsWith("--") ? [name] : []));
  for (const { members, attributes, events, cssParts, cssProperties, description, tagName } of elements) {
    for (const it of [...members, ...attributes, ...events, ...cssParts]) {
      assert.ok(it.description, `${tagName}: ${it.name}`);
    }
    assert.ok(description);
    for (const name of ["client", "identity", "registry"]) assert.ok(names(members).includes(name), name);
    assert.deepEqual(names(cssProperties), set.sort());
  }
});

test("nothing internal is told", () => {
  const told = elements.flatMap(({ members }) => names(members));
  for (const name of ["keyFrom", "tried", "error", "said"]) assert.ok(!told.includes(name), name);
  assert.doesNotMatch(told.join(" "), /[#_]/);
});
