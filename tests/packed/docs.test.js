// docs/install.md claims what these tests do, and nothing else.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { projects } from "../../tools/check/packed-projects.js";
import { commandsOf, filesOf, supportTable } from "./support/docs.js";
import { lockedVersion } from "./support/project.js";

/** By the table's names: the project that tests it, and the package whose version counts. */
const pinned = {
  "Node 20": ["node", "node-20-linux-x64"],
  "Node 22": ["node", "node-22-linux-x64"],
  "Node 24": ["node", "node-24-linux-x64"],
  Deno: ["deno", "deno"],
  Bun: ["bun", "bun"],
  Vite: ["vite", "vite"],
  "Vite 7": ["vite-7", "vite"],
  webpack: ["webpack", "webpack"],
  esbuild: ["esbuild", "esbuild"],
  Rollup: ["rollup", "rollup"],
  "Next.js": ["next", "next"],
  React: ["react", "react"],
  Vue: ["vue", "vue"],
  Angular: ["angular", "@angular/core"],
  Jest: ["jest", "jest"],
  "Jest 29": ["jest-29", "jest"],
  Vitest: ["vitest", "vitest"],
  wrangler: ["workerd", "wrangler"],
  workerd: ["workerd", "workerd"],
};
/** Debian's, whichever it is. */
const unpinned = ["Chromium", "Firefox ESR"];

test("the table names the versions that are tested", () => {
  const versions = supportTable().map(([name, version]) => [name, version]);
  const expected = Object.entries(pinned).map(([name, [project, of]]) => [name, lockedVersion(project, of)]);
  const claimed = versions.filter(([name]) => !unpinned.includes(name));
  assert.deepEqual(claimed.sort(), expected.sort());
  assert.deepEqual(versions.filter(([name]) => unpinned.includes(name)).length, unpinned.length);
});

test("every project is in the table", () => {
  const named = new Set(Object.values(pinned).map(([project]) => project));
  // This one only drives a browser.
  assert.deepEqual(
    readdirSync(projects).filter((name) => name !== "firefox"),
    [...named].sort(),
  );
});

test("a worker is started as documented", () => {
  const read = (file) => readFileSync(new URL(file, import.meta.url), "utf8");
  const [, started] =
    read("shared/start-worker.js").match(/=> (new Worker.*;)\n/) ?? assert.fail("no worker");
  assert.ok(read("../../docs/install.md").includes(`\n${started}\n`));
});

test("the snippets and commands that the tests take from the document are there", () => {
  assert.deepEqual(Object.keys(filesOf("Node")), ["check.mjs", "check.cjs"]);
  assert.deepEqual(Object.keys(filesOf("Web workers")), ["worker.js"]);
  assert.deepEqual(Object.keys(filesOf("Cloudflare workers")), ["worker.js", "wrangler.json"]);
  for (const heading of [
    "Deno",
    "Bun",
    "Vite",
    "webpack",
    "Rollup",
    "esbuild",
    "Next.js",
    "Cloudflare workers",
  ]) {
    assert.equal(commandsOf(heading).length, 1, heading);
  }
});
