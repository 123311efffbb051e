// Do we and containers/image accept the same payloads of simple signing, but for our documented rules?
// OCISIGN_SEED, OCISIGN_COUNT and OCISIGN_FROM repeat a run, or a part of it: see `npm run test:differential -- --help`.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { root } from "../../tools/machine/command.js";
import { goProgram } from "../../tools/machine/go.js";
import { temporaryFolder } from "../support/sandbox.js";
import { compare, tabled } from "./compare.js";
import { looser, payloads, publicKey, stricter } from "./payloads.js";
import { runOf } from "./settings.js";

const { folder, remove } = temporaryFolder("payloads");
after(remove);
const key = join(folder, "key.pem");
writeFileSync(key, publicKey);

const program = [goProgram("payload-reader"), key, folder];
const run = runOf(6_000, 5);

test(`${run.count} payloads (OCISIGN_SEED=${run.seed})`, async (t) => {
  const counts = await compare(payloads, program, run);
  t.diagnostic(`\n${tabled(counts)}`);
  // Some are met once in a thousand.
  if (run.count >= 20_000)
    for (const { name } of [...stricter, ...looser])
      assert.ok(counts.has(name), `no input met the rule: ${name}`);
});

test("docs/differential.md has each rule", () => {
  const text = readFileSync(join(root, "docs", "differential.md"), "utf8");
  for (const { name } of [...stricter, ...looser]) assert.ok(text.includes(`| ${name} |`), name);
});
