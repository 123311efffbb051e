// `npm run test:differential`: how it reads its options. That it compares readers, the tests that it runs show.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../tools/tasks/differential.js", import.meta.url));

/** @param {...string} args */
function told(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, said: stdout + stderr };
}

test("--help names what can be compared", () => {
  const { status, said } = told("--help");
  assert.equal(status, 0);
  assert.match(said, /--only\s+of reference, payload, sign-in/);
});

test("what cannot be compared, and what is no number, is refused before anything is built", () => {
  for (const [args, mistake] of /** @type {[string[], string][]} */ ([
    [["--only", "reference,x"], "The option --only needs some of reference, payload, sign-in, not x"],
    [["--only", "reference,"], "The option --only needs some of reference, payload, sign-in, not nothing"],
    [["--inputs", "0"], "The option --inputs needs a whole number from 1 to 1000000000, not 0"],
    [["--seed", "x"], "The option --seed needs a whole number from 0 to 4294967295, not x"],
    [["--from", "1.5"], "The option --from needs a whole number from 0 to 1000000000, not 1.5"],
  ])) {
    assert.deepEqual(told(...args), { status: 2, said: `${mistake}: see --help.\n` });
  }
});
