// Dockerfile and compose.yaml, read by those who know them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { finish, root } from "../../tools/machine/command.js";
import { goProgram } from "../../tools/machine/go.js";
import { pythonProgram } from "../../tools/machine/python.js";

const containerFiles = ["Dockerfile", "ci/Containerfile"];

for (const file of containerFiles) {
  test(`hadolint has nothing to say about ${file}`, async () => {
    const { code, output } = await finish(pythonProgram("hadolint"), ["--failure-threshold", "style", file]);
    assert.equal(code, 0, output);
  });
}

test("what an image starts does not run as root", () => {
  for (const file of containerFiles) {
    const [, user] = readFileSync(join(root, file), "utf8").match(/^USER (\d+):\d+$/m) ?? [];
    assert.ok(Number(user) > 0, file);
  }
});

test("compose-go reads compose.yaml", async () => {
  const { code, output } = await finish(goProgram("compose-go"), ["compose.yaml"]);
  assert.equal(code, 0, output);
});

test("nothing is published beyond this machine, and every image has a version", () => {
  const { services } = parse(readFileSync(join(root, "compose.yaml"), "utf8"));
  for (const { ports = [], image } of Object.values(services)) {
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:/);
    assert.match(image, /:(local|\d+\.\d+\.\d+)$/);
  }
  for (const file of containerFiles) {
    const bases = readFileSync(join(root, file), "utf8").matchAll(/^FROM (\S+)/gm);
    for (const [, base] of bases) assert.match(base, /:\d+\.\d+/);
  }
});
