// Does the package say of every case what a judge says that was written apart?
import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "ocisign";
import { compare, told } from "../support/judging/compare.js";
import { secondJudge } from "../support/judging/second-judge.js";
import { newSeed } from "../support/random.js";

const mutations = Number(process.env.OCISIGN_MUTATIONS ?? 10_000);

test(`${mutations} cases have one verdict, by the same keys`, async (t) => {
  const seed = newSeed();
  t.diagnostic(`OCISIGN_SEED=${seed}`);
  const { cases, differences, states } = await compare({ program: secondJudge, library, seed, mutations });
  if (differences.length > 0) assert.fail(`\n${differences.map((one) => told(one, seed)).join("\n\n")}`);
  assert.equal(cases, mutations);
  // A comparison of cases that are all alike would show nothing.
  const all = new Set([...states.values()].flatMap((counts) => [...counts.keys()]));
  assert.deepEqual([...all].sort(), ["invalid", "refused", "unreachable", "unsigned", "verified"]);
});
