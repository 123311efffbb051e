// The same seed gives the same plan, and every kind of fault is in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { faultPlan } from "../support/fault-plan.js";
import { newSeed } from "../support/random.js";

const size = { signings: 1_000, kills: 10 };

test("a seed gives one plan, and another seed another", () => {
  const seed = newSeed();
  assert.deepEqual(faultPlan(seed, size), faultPlan(seed, size), `OCISIGN_SEED=${seed}`);
  assert.notDeepEqual(faultPlan(seed, size), faultPlan(seed + 1, size), `OCISIGN_SEED=${seed}`);
});

test("every fault meets a tenth, and all kills come before the last request", () => {
  const seed = newSeed();
  const { rules, toxics, kills } = faultPlan(seed, size);
  const kinds = rules.map(({ fault }) => Object.keys(fault).sort().join("+"));
  assert.equal(new Set(kinds).size, rules.length - 1, `resets come in two kinds: ${kinds}`);
  for (const { match } of rules) assert.deepEqual(match, { probability: 0.1 });
  for (const { toxicity } of toxics) assert.equal(toxicity, 0.1);
  assert.equal(kills.length, 10);
  for (const { posts } of kills) assert.ok(posts < size.signings, `OCISIGN_SEED=${seed}`);
});
