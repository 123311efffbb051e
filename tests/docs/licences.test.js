// Is each crate and npm package that a lock file pins under a licence that deny.toml allows? `npm run supply` asks
// cargo-deny, which reads the crates' own texts, too; this needs no program that has to be compiled.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/machine/command.js";

const [, list = ""] = /^allow = \[\n([\s\S]*?)^\]/m.exec(readFileSync(join(root, "deny.toml"), "utf8")) ?? [];
const allowed = [...list.matchAll(/"([^"]+)"/g)].map(([, licence]) => licence ?? "");

/** What only our tests and lints run: nothing of it ships. */
const exceptions = new Map([
  ["crate libfuzzer-sys", "NCSA"],
  ["crate webpki-root-certs", "CDLA-Permissive-2.0"],
  ["crate webpki-roots", "CDLA-Permissive-2.0"],
  ["npm axe-core", "MPL-2.0"],
  ["npm argparse", "Python-2.0"],
  ["npm js-yaml/argparse", "PSF-2.0"],
  ...["glob", "lru-cache", "minimatch", "minipass", "path-scurry"].map(
    (name) => /** @type {const} */ ([`npm ${name}`, "BlueOak-1.0.0"]),
  ),
  ["npm tslib", "0BSD"],
]);

/** Whether an SPDX expression can be met by licences. @param {string} expression @param {readonly string[]} licences */
function isMet(expression, licences) {
  const innermost = /\(([^()]*)\)/;
  /** @param {string} text @returns {boolean} */
  const met = (text) =>
    text
      .split(/ OR |\s*\/\s*/)
      .some((either) => either.split(" AND ").every((one) => one === "met" || licences.includes(one.trim())));
  let text = expression;
  for (let found = innermost.exec(text); found; found = innermost.exec(text))
    text = text.replace(found[0], met(found[1] ?? "") ? "met" : "not met");
  return met(text);
}

/** @param {Map<string, string>} licences by `crate` or `npm` and the name */
function refused(licences) {
  return [...licences]
    .filter(([name, expression]) => !isMet(expression, [...allowed, exceptions.get(name) ?? "MIT"]))
    .map(([name, expression]) => `${name}: ${expression}`);
}

const crates = new Map(["Cargo.toml", "fuzz/Cargo.toml"].flatMap(cratesOf));
const packages = new Map(npmPackages());

/** @param {string} manifest @returns {[string, string][]} */
function cratesOf(manifest) {
  const args = ["metadata", "--format-version", "1", "--locked", "--manifest-path", join(root, manifest)];
  const told = execFileSync("cargo", args, {
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
  /** @type {{ packages: { name: string, license: string | null }[] }} */
  const read = JSON.parse(told.toString());
  return read.packages.map(({ name, license }) => [`crate ${name}`, license ?? "none"]);
}

/** @returns {[string, string][]} */
function npmPackages() {
  /** @type {{ packages: Record<string, { license?: string, link?: boolean }> }} */
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages)
    .filter(([path, { link }]) => path !== "" && !link)
    .map(([path, { license }]) => [`npm ${path.replaceAll("node_modules/", "")}`, license ?? "none"]);
}

test("each crate and package has a licence that deny.toml allows, or an exception", () => {
  assert.ok(allowed.length > 5 && crates.size > 100 && packages.size > 100);
  const wrong = refused(new Map([...crates, ...packages]));
  if (wrong.length > 0)
    assert.fail(
      `not allowed: ${wrong.join("; ")}. Choose another one, or ask why deny.toml has no such licence.`,
    );
});

test("no exception is of what is not there any more", () => {
  const gone = [...exceptions].filter(([name, licence]) => {
    const expression = crates.get(name) ?? packages.get(name);
    return !expression?.includes(licence) || isMet(expression, allowed);
  });
  assert.deepEqual(gone, []);
});

test("an expression is met as SPDX means it", () => {
  for (const [expression, expected] of /** @type {[string, boolean][]} */ ([
    ["MIT", true],
    ["GPL-3.0-only", false],
    ["GPL-2.0 OR MIT", true],
    ["GPL-2.0/MIT", true],
    ["MIT AND GPL-3.0-or-later", false],
    ["ISC AND (Apache-2.0 OR GPL-2.0)", true],
    ["ISC AND (GPL-3.0 AND (MIT OR ISC))", false],
    ["(MIT OR Apache-2.0) AND Unicode-3.0", true],
    ["Apache-2.0 WITH LLVM-exception", true],
    ["none", false],
    ["SEE LICENSE IN LICENSE.md", false],
  ])) {
    assert.equal(isMet(expression, allowed), expected, expression);
  }
});
