// What `npm publish` would upload: these files and no others, whole, and built from this source.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
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
    "package.json",
    "profile.schema.json",
    "trust.schema.json",
    "dist/accepts.cjs",
    "dist/accepts.d.cts",
    "dist/accepts.d.ts",
    "dist/accepts.js",
    "dist/browser.js",
    "dist/certificates.cjs",
    "dist/certificates.js",
    "dist/compare-worker.js",
    "dist/compare.js",
    "dist/core.js",
    "dist/custom-elements.json",
    "dist/elements-changes.js",
    "dist/elements-licences.txt",
    "dist/elements-node.cjs",
    "dist/elements-node.js",
    "dist/elements-react.d.ts",
    "dist/elements-server.js",
    "dist/elements-vue.d.ts",
    "dist/elements.d.ts",
    "dist/elements.js",
    "dist/index.d.cts",
    "dist/index.d.ts",
    "dist/journal-elsewhere.js",
    "dist/journal.cjs",
    "dist/journal.d.cts",
    "dist/journal.d.ts",
    "dist/journal.js",
    "dist/library-licences.txt",
    "dist/module-licences.txt",
    "dist/node-step.cjs",
    "dist/node.cjs",
    "dist/node.js",
    "dist/ocisign.wasm",
    "dist/profile.js",
    "dist/registry.js",
    "dist/trust-licences.txt",
    "dist/trust-node.js",
    "dist/trust-workerd.js",
    "dist/trust.cjs",
    "dist/trust.d.cts",
    "dist/trust.d.ts",
    "dist/trust.js",
    "dist/workerd.js",
  ];
  assert.deepEqual((await tarball()).files, files.sort());
});

/** The entry, the files that it leads to, and the licences of what is in them: nothing of an earlier build. */
function commandLine() {
  const folder = join(root, "pkg", "dist", "cli");
  const found = new Set(["main.js"]);
  for (const name of found) {
    if (name.endsWith(".json")) continue;
    const code = readFileSync(join(folder, name), "utf8");
    for (const [, file] of code.matchAll(/\("\.\/([\w-]+\.(?:cjs|json))"\)/g)) found.add(file);
  }
  assert.ok(found.size > 4, `${[...found]}`);
  return [...found, "licences.txt"].map((name) => `dist/cli/${name}`);
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

test("the elements and the command line name whose table of look-alikes they hold", () => {
  for (const name of ["elements-licences.txt", "cli/licences.txt"]) {
    const text = readFileSync(join(installed, "dist", name), "utf8");
    assert.match(text, /^unhomoglyph\n\n[\s\S]*?\bCopyright\b/m, name);
  }
});

test("the module comes with the licences of its crates: by name, or whole where nothing else is offered", () => {
  const licences = readFileSync(join(installed, "dist", "module-licences.txt"), "utf8");
  const [byName = "", whole = ""] = licences.split("Under other licences:");
  for (const name of ["gloo-net", "js-sys", "rlsf", "serde", "sha2", "thiserror", "wasm-bindgen", "web-sys"])
    assert.match(byName, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+  https://`, "m"), name);
  for (const name of ["bytes", "serde-wasm-bindgen", "slab"])
    assert.match(whole, new RegExp(`^${name} \\d[\\d.]+, MIT\\n[\\s\\S]*?\\bCopyright\\b`, "m"), name);
  // What only runs while the module is compiled, and what only the sandbox has.
  assert.doesNotMatch(licences, /^(serde_derive|syn|wasm-bindgen-macro|serde_json|axum) /m);
});

test("the command line comes with the licences of what is in it, and starts", () => {
  const licences = readFileSync(join(installed, "dist", "cli", "licences.txt"), "utf8");
  const bundled = [
    "@bomb.sh/tab",
    "commander",
    "jsonc-parser",
    "leven",
    "undici",
    "yocto-spinner",
    "yoctocolors",
  ];
  for (const name of bundled) {
    assert.match(licences, new RegExp(`\\n${name}\\n\\n[^\\n]*\\b(MIT|Copyright)\\b`), name);
  }
  const { stdout } = spawnSync(process.execPath, [join(installed, "dist", "cli", "main.js"), "--version"]);
  const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.equal(stdout.toString(), `${version}\n`);
});

test("no other package comes with it", () => {
  const about = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const kinds = ["dependencies", "optionalDependencies", "peerDependencies", "bundledDependencies"];
  assert.deepEqual(
    kinds.filter((kind) => about[kind] !== undefined),
    [],
  );
  const names = readdirSync(join(project.folder, "node_modules")).filter((name) => !name.startsWith("."));
  assert.deepEqual(names, ["ocisign"]);
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
