// `npm run sbom`: does the package's list have what its bundles and its module hold, and does CycloneDX's schema take it?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { validate } from "../../tools/check/sbom/schema.js";
import { finish, root } from "../../tools/machine/command.js";
import { temporaryFolder } from "../support/sandbox.js";

const { folder, remove } = temporaryFolder("sbom");
after(remove);

/** @type {string} */
let text;
/** @type {import("../../tools/check/sbom/schema.js").Bom} */
let bom;

before(async () => {
  text = await written("first");
  bom = JSON.parse(text);
});

/** @param {string} name */
async function written(name) {
  const output = join(folder, name);
  const { code, output: told } = await finish(process.execPath, [
    ...["tools/tasks/sbom.js", "--only", "package"],
    ...["--output", output],
  ]);
  assert.equal(code, 0, told);
  return readFileSync(join(output, "ocisign-package.cdx.json"), "utf8");
}

/** The components of a part. @param {string} part */
function held(part) {
  return bom.components.filter(({ properties = [] }) => properties.some(({ value }) => value === part));
}

/** @param {import("../../tools/check/sbom/schema.js").Component} component */
function fullName({ group, name }) {
  return group ? `${group}/${name}` : name;
}

test("it is the same each time, and says nothing of this machine", async () => {
  assert.equal(await written("second"), text);
  assert.ok(!text.includes(root), "the folder of the checkout");
  assert.doesNotMatch(text, /serialNumber|timestamp|file:\/\//);
});

test("each package whose licence comes along is in it, and no other", () => {
  const dist = join(root, "pkg", "dist");
  for (const [part, file] of [
    ["cli", "cli/licences.txt"],
    ["elements", "elements-licences.txt"],
    ["library", "library-licences.txt"],
    ["trust", "trust-licences.txt"],
  ]) {
    const licences = readFileSync(join(dist, file ?? ""), "utf8");
    const names = held(part ?? "").map(fullName);
    assert.ok(names.length > 1, part);
    for (const name of names) assert.ok(licences.includes(`\n${name}\n\n`), `${name} in ${file}`);
  }
});

test("the crates of the module are in it, with the hashes of the lock file, and none that only compiles", () => {
  const crates = held("ocisign.wasm");
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  for (const name of ["gloo-net", "js-sys", "serde", "sha2", "wasm-bindgen", "rlsf"]) {
    const crate = crates.find((it) => it.name === name);
    assert.ok(crate, name);
    assert.ok(lock.includes(`checksum = "${crate.hashes?.[0]?.content}"`), name);
  }
  assert.ok(!crates.some(({ name }) => /^(syn|serde_derive|proc-macro2|axum)$/.test(name)));
});

test("npm's hashes are those of the lock file", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const commander = bom.components.find(({ name }) => name === "commander");
  const [hash] = commander?.hashes ?? [];
  assert.equal(hash?.alg, "SHA-512");
  const integrity = `sha512-${Buffer.from(hash?.content ?? "", "hex").toString("base64")}`;
  assert.equal(integrity, packages["node_modules/commander"].integrity);
});

test("CycloneDX's schema refuses what is no list", () => {
  validate(bom);
  /** @type {unknown[]} */
  const lists = [
    { ...bom, specVersion: undefined },
    { ...bom, components: [{ ...bom.components[0], type: "thing" }] },
    { ...bom, components: [{ ...bom.components[0], hashes: [{ alg: "SHA-256", content: "none" }] }] },
    { ...bom, components: [bom.components[0], bom.components[0]] },
  ];
  for (const wrong of lists)
    assert.throws(
      () => validate(/** @type {typeof bom} it is none */ (wrong)),
      /does not fit CycloneDX's schema/,
    );
});

test("without a folder it is refused", async () => {
  const { code, output } = await finish(process.execPath, ["tools/tasks/sbom.js"]);
  assert.equal(code, 2);
  assert.match(output, /--output is missing/);
});
