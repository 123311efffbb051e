// Whether a tag, the package and the crates have the same version: `node tools/check/release-version.js v0.1.0`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";

const [, , tag = ""] = process.argv;
const read = (/** @type {string} */ name) => readFileSync(join(root, name), "utf8");
const versions = new Map([
  ["the tag", tag.replace(/^v/, "")],
  ["pkg/package.json", JSON.parse(read("pkg/package.json")).version],
  ["Cargo.toml", /^version = "(.+)"$/m.exec(read("Cargo.toml"))?.[1]],
  ["CHANGELOG.md", /^## (?!Unreleased)v?(\S+)/m.exec(read("CHANGELOG.md"))?.[1]],
]);
if (new Set(versions.values()).size > 1) {
  const told = [...versions].map(([place, version]) => `${place} has ${version || "none"}`);
  console.error(`The versions differ: ${told.join(", ")}.`);
  process.exitCode = 1;
}
