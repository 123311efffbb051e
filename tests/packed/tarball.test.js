// What `npm publish` would upload: these files and no others, whole, and built from this source.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../../tools/machine/command.js";
import { openProject } from "./support/project.js";
import { tarball } from "./support/tarball.js";

let project;
let installed;

before(async () => {
  project = await openProject({ name: "node", tools: false });
  installed = join(project.folder, "node_modules", "ocisign");
});
after(() => project?.remove());

test("the tarball has exactly these files, and the command line's", async () => {
  const files = [
    ...commandLine(),
    "LICENSE",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "browser.js",
    "index.d.ts",
    "node.cjs",
    "node.js",
    "package.json",
    "dist/elements-licences.txt",
    "dist/elements-server.js",
    "dist/elements.d.ts",
    "dist/elements.js",
    "dist/glue.cjs",
    "dist/glue.js",
    "dist/index.d.cts",
    "dist/ocisign.wasm",
    "dist/registry.js",
    "workerd.js",
  ];
  assert.deepEqual((await tarball()).files, files.sort());
});

/** All of it is JavaScript that runs as it is. */
function commandLine() {
  const folder = join(root, "pkg", "src", "cli");
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".js")).map((name) => `src/cli/${name}`);
}

test("what is installed is what was built, with the project's licences", async () => {
  const { files } = await tarball();
  for (const name of files) {
    const from = name.startsWith("LICENSE") ? join(root, name) : join(root, "pkg", name);
    assert.ok(readFileSync(join(installed, name)).equals(readFileSync(from)), name);
  }
  assert.ok(WebAssembly.validate(readFileSync(join(installed, "dist", "ocisign.wasm"))));
});

test("the elements come with the licences of what is in them", () => {
  const read = (name) => readFileSync(join(installed, "dist", name), "utf8");
  const licences = read("elements-licences.txt");
  assert.match(read("elements.js"), /Copyright 2017 Google LLC/);
  for (const name of ["lit", "lit-element", "lit-html", "@lit/reactive-element"]) {
    assert.ok(licences.includes(`\n${name}\n\nBSD 3-Clause License\n\nCopyright`), name);
  }
});

test("no file tells where it was built, nor points to a source map that is not there", async () => {
  const home = /\/(?:root|home|Users|tmp)\/|sourceMappingURL/;
  for (const name of (await tarball()).files) {
    assert.doesNotMatch(readFileSync(join(installed, name), "latin1"), home, name);
  }
});

test("every path in package.json leads to a file, with its types first", async () => {
  const { files } = await tarball();
  const about = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const paths = [];
  const visit = (target) => {
    if (typeof target === "string") return paths.push(target);
    const conditions = Object.keys(target);
    if (conditions.includes("types")) assert.equal(conditions[0], "types");
    for (const inner of Object.values(target)) visit(inner);
  };
  visit(about.exports);
  paths.push(...about.sideEffects);
  assert.ok(paths.length > 10);
  for (const path of paths) assert.ok(files.includes(path.replace("./", "")), path);
});

test("provenance: the metadata names the repository, the folder in it, and public access", () => {
  const about = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.deepEqual(about.publishConfig, { access: "public", provenance: true });
  assert.equal(about.repository.directory, "pkg");
  assert.match(about.repository.url, /^git\+https:\/\/github\.com\/[\w-]+\/[\w-]+\.git$/);
  const home = about.repository.url.slice("git+".length, -".git".length);
  assert.equal(about.homepage, `${home}#readme`);
  assert.equal(about.bugs, `${home}/issues`);
  assert.deepEqual(about.scripts, undefined, "nothing runs when it is installed");
});

test("the README's links lead to files of the repository", () => {
  const readme = readFileSync(join(installed, "README.md"), "utf8");
  const { homepage } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
  assert.ok(links.length > 2);
  const inRepository = `${homepage.replace("#readme", "")}/blob/main/`;
  for (const link of links.filter((it) => it !== homepage)) {
    assert.ok(link.startsWith(inRepository), link);
    readFileSync(join(root, link.slice(inRepository.length)));
  }
});
