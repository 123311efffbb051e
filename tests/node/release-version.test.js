// The first step of a release: is what has another version than the tag named?
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/machine/command.js";

/** @param {...string} args */
function released(...args) {
  const script = join(root, "tools", "check", "release-version.js");
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, stderr };
}

test("each place that has another version than the tag is named, with what it has", () => {
  const { status, stderr } = released("v99.0.0");
  assert.equal(status, 1);
  const { version } = JSON.parse(readFileSync(join(root, "pkg", "package.json"), "utf8"));
  for (const place of ["pkg/package.json", "Cargo.toml"])
    assert.ok(stderr.includes(`${place} has ${version}`));
  assert.match(stderr, /CHANGELOG\.md has \S+\. Name 99\.0\.0 there/);
});

test("package and crates have the same version, now and at a release", () => {
  const { version } = JSON.parse(readFileSync(join(root, "pkg", "package.json"), "utf8"));
  assert.doesNotMatch(released(`v${version}`).stderr, /package\.json|Cargo\.toml/);
});

test("without a tag it says how it is used", () => {
  assert.deepEqual(released(), {
    status: 2,
    stderr: "Name the tag: node tools/check/release-version.js v0.1.0\n",
  });
});
