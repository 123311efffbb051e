// Do we and go-containerregistry's keychain find the same in docker's configuration files, but for our documented rules?
// OCISIGN_SEED, OCISIGN_COUNT and OCISIGN_FROM repeat a run, or a part of it: see `npm run test:differential -- --help`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { root } from "../../tools/machine/command.js";
import { goProgram } from "../../tools/machine/go.js";
import { compare, tabled } from "./compare.js";
import { runOf } from "./settings.js";
import { rules, signIns, useSignIns } from "./sign-ins.js";

// The cache is found by HOME, which is another one then.
const program = goProgram("sign-in-reader");
const { env, remove } = useSignIns();
after(remove);

const run = runOf(2_000, 77);

test(`${run.count} files of sign-ins (OCISIGN_SEED=${run.seed})`, async (t) => {
  const counts = await compare(signIns, program, run, env);
  t.diagnostic(`\n${tabled(counts)}`);
  // Some are met once in a thousand.
  if (run.count >= 20_000)
    for (const { name } of rules) assert.ok(counts.has(name), `no input met the rule: ${name}`);
});

test("docs/differential.md has each rule", () => {
  const text = readFileSync(join(root, "docs", "differential.md"), "utf8");
  for (const { name } of rules) assert.ok(text.includes(`| ${name} |`), name);
});
