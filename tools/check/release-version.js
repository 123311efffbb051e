// Whether a tag, the package, the crates and the changelog have the same version: the first step of a release.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";

const [, , tag = ""] = process.argv;
if (!/^v\d/.test(tag)) {
  console.error("Name the tag: node tools/check/release-version.js v0.1.0");
  process.exit(2);
}
const read = (/** @type {string} */ name) => readFileSync(join(root, name), "utf8");
const versions = new Map([
  ["pkg/package.json", JSON.parse(read("pkg/package.json")).version],
  ["Cargo.toml", /^version = "(.+)"$/m.exec(read("Cargo.toml"))?.[1]],
  // The newest version stands first, and nothing may be left that no version has.
  ["CHANGELOG.md", /^## v?(\S+)/m.exec(read("CHANGELOG.md"))?.[1]],
]);
const wrong = [...versions].filter(([, version]) => version !== tag.slice(1));
if (wrong.length > 0) {
  const told = wrong.map(([place, version]) => `${place} has ${version ?? "no version"}`);
  console.error(
    `The tag is ${tag}, but ${told.join(", ")}. Name ${tag.slice(1)} there, in one commit, and tag that.`,
  );
  process.exitCode = 1;
}
