// No document, example, workflow or help installs or runs a package by a name of ours: on npm and crates.io anybody could
// register it. CONTRIBUTING.md says what changes with the first release.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../../tools/machine/command.js";
import { byName } from "../support/unregistered.js";

/** Everything that people read, copy or run. Tests name such commands to find them. */
function everyFile() {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const isRead = (/** @type {string} */ file) =>
    !/^tests\/|(^|\/)(package-lock\.json|Cargo\.lock)$|\.(png|ico)$/.test(file);
  return files.trim().split("\n").filter(isRead);
}

test("nothing does so", () => {
  const found = everyFile().flatMap((file) =>
    byName(readFileSync(join(root, file), "utf8")).map(({ line, text }) => `${file}:${line}: ${text}`),
  );
  assert.deepEqual(found, []);
});

test("the README says that there is no release", () => {
  assert.match(
    readFileSync(join(root, "README.md"), "utf8"),
    /Do not install `ocisign` from npm by its name/,
  );
});

describe("found", () => {
  for (const text of [
    "npm install ocisign",
    "npm i -g ocisign@0.1",
    "npm install --save-dev typescript ocisign",
    "npm add ocisign@latest",
    "`npx ocisign --help`",
    "npx --yes ocisign@0.1 sign IMAGE",
    "npx -y -p ocisign ocisign",
    "npx --package=ocisign -- ocisign",
    "npm exec ocisign",
    "npm x --yes -- ocisign",
    "npm create ocisign",
    "pnpm add ocisign",
    "pnpm dlx ocisign",
    "yarn add ocisign",
    "yarn dlx ocisign@0.1",
    "bun add ocisign",
    "bunx ocisign",
    'import { parseReference } from "https://esm.sh/ocisign@0.1";',
    'await import("https://cdn.jsdelivr.net/npm/ocisign/dist/browser.js")',
    '<script src="https://unpkg.com/ocisign"></script>',
    'import "npm:ocisign@0.1";',
    "deno add npm:ocisign",
    "deno run jsr:@ocisign/ocisign",
    '  "dependencies": { "ocisign": "^0.1.0" }',
    '"ocisign": "latest"',
    "cargo install ocisign-sandbox",
    "cargo install --locked ocisign-sandbox --root .tools",
    "cargo add ocisign",
    'ocisign = "0.1"',
    'ocisign = { version = "0.1", features = ["x"] }',
    "docker run ocisign/sandbox",
    "    image: ocisign/sandbox:1.0",
  ]) {
    test(text, () => assert.equal(byName(`before\n${text}\nafter`)[0]?.line, 2));
  }
});

describe("not found", () => {
  for (const text of [
    "npm install ./ocisign-0.1.0.tgz",
    'npm install --global --ignore-scripts "$tarball"',
    "npx --no ocisign sign IMAGE",
    "npx --no-install ocisign",
    "ocisign sign IMAGE",
    "npm pack --workspace ocisign",
    "npx esbuild check.mjs --bundle --external:ocisign",
    "cargo install --locked --path ocisign/sandbox --root .tools",
    "cargo add --package ocisign spki@0.8 --features alloc",
    'import { parseReference } from "ocisign";',
    '{ "imports": { "ocisign": "/node_modules/ocisign/dist/browser.js" } }',
    '"ocisign": "file:ocisign-0.1.0.tgz"',
    '"ocisign": "./dist/cli/main.js"',
    'ocisign = { path = ".." }',
    "docker build -t ocisign-sandbox .",
    "image: ocisign-sandbox:local",
    "https://github.com/ocisign/ocisign",
    "npm install typescript # for ocisign",
  ]) {
    test(text, () => assert.deepEqual(byName(text), []));
  }
});
