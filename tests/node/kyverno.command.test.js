// `npm run test:kyverno`: how it reads its option. That it asks other versions takes minutes of compiling.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../tools/tasks/kyverno.js", import.meta.url));

/** @param {...string} args */
function told(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, said: stdout + stderr };
}

test("--help names the versions that it tries by itself", () => {
  const { status, said } = told("--help");
  assert.equal(status, 0);
  assert.match(said, /--versions \d+\.\d+\.\d+/);
});

test("what is no version is refused before anything is compiled", () => {
  for (const [given, named] of [
    ["1.18", "1.18"],
    ["v1.18.2", "v1.18.2"],
    ["1.18.2,", "nothing"],
    ["1.18.2,latest", "latest"],
    ["1.18.2@x/../y", "1.18.2@x/../y"],
  ]) {
    const { status, said } = told("--versions", String(given));
    assert.equal(status, 2, given);
    assert.equal(said, `The option --versions needs versions such as 1.18.2, not ${named}: see --help.\n`);
  }
  assert.match(told("--version", "1.18.2").said, /There is no option --version: see --help\./);
});
