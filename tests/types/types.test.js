// The types, compiled as users compile them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import oldest from "typescript-5.7";
import { complaints } from "../support/typescript.js";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const declarations = path("../../pkg/dist/index.d.ts");
const source = ts.createSourceFile(
  declarations,
  readFileSync(declarations, "utf8"),
  ts.ScriptTarget.Latest,
  true,
);

const surroundings = {
  "Node, ES modules": {},
  "Node 16's resolution": { module: ts.ModuleKind.Node16 },
  "a bundler": {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  },
  "a bundler for Node": {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    customConditions: ["node"],
  },
  "Node without a browser's names": { lib: ["lib.es2023.d.ts"] },
  "a web worker": { lib: ["lib.es2023.d.ts", "lib.webworker.d.ts"], types: [] },
};

for (const [name, options] of Object.entries(surroundings)) {
  test(`usage compiles: ${name}`, () => {
    assert.deepEqual(complaints([path("usage.ts")], options), []);
  });
}

test("usage compiles: the oldest TypeScript that the types name", () => {
  assert.match(source.text, new RegExp(`The types need TypeScript ${oldest.versionMajorMinor} or newer`));
  assert.deepEqual(complaints([path("usage.ts"), path("usage.cts")], {}, /** @type {any} */ (oldest)), []);
});

test("usage compiles: CommonJS", () => {
  assert.deepEqual(complaints([path("usage.cts")]), []);
});

/** @param {(node: ts.Node) => void} look */
function walk(look) {
  const visit = (node) => {
    look(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

const called = (node) => {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return `${line + 1}: ${node.getText().split("\n")[0]}`;
};

test("nothing is `any`", () => {
  const found = [];
  walk((node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(called(node));
  });
  assert.deepEqual(found, []);
});

test("every function, class and method has an example, and everything has a comment", () => {
  const lacking = [];
  let examples = 0;
  walk((node) => {
    const documents =
      ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isMethodDeclaration(node);
    const names =
      documents ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isVariableStatement(node) ||
      ts.isPropertyDeclaration(node) ||
      (ts.isPropertySignature(node) && !ts.isTypeLiteralNode(node.parent)) ||
      ts.isConstructorDeclaration(node) ||
      ts.isConstructSignatureDeclaration(node) ||
      ts.isIndexSignatureDeclaration(node);
    if (!names) return;
    const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
    if (comments.length === 0) lacking.push(`no comment: ${called(node)}`);
    const example = comments.some(({ tags }) => tags?.some((tag) => tag.tagName.text === "example"));
    if (documents && !example) lacking.push(`no example: ${called(node)}`);
    examples += Number(example);
  });
  assert.deepEqual(lacking, []);
  assert.ok(examples > 25, `${examples} examples`);
});
