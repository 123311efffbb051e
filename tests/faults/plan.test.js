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

const isOfPart = (/** @type {object} */ fault) => "hsm" in fault || "disk" in fault;

/** Faults of one kind; before or after the request took effect is the same kind. @param {Record<string, any>} fault */
function kindOf(fault) {
  return fault.status ? String(fault.status) : Object.keys(fault).sort().join("+");
}

/** What each rule strikes of all requests, if only the first that strikes does. @param {{ match: { probability: number } }[]} rules */
function struckBy(rules) {
  let left = 1;
  return rules.map(({ match }) => {
    const struck = left * match.probability;
    left -= struck;
    return struck;
  });
}

test("every kind of fault meets a tenth of the requests, wherever its rule stands", () => {
  const seed = newSeed();
  const { rules } = faultPlan(seed, size);
  const ofRequests = rules.filter(({ fault }) => !isOfPart(fault));
  /** @type {Map<string, number>} */
  const kinds = new Map();
  for (const [at, struck] of struckBy(ofRequests).entries()) {
    const { share = 0, fault = {} } = ofRequests[at] ?? {};
    assert.ok(Math.abs(struck - share) < 1e-9, `${JSON.stringify(fault)}: ${struck}, OCISIGN_SEED=${seed}`);
    kinds.set(kindOf(fault), (kinds.get(kindOf(fault)) ?? 0) + struck);
  }
  const wanted = ["429", "502", "503", "reset", "cutBody", "latencyMs+slowBody", "expiredToken"];
  assert.deepEqual([...kinds.keys()].sort(), [...wanted, "unknownStatus"].sort());
  for (const [kind, struck] of kinds) assert.ok(Math.abs(struck - 0.1) < 1e-9, `${kind}: ${struck}`);
});

test("what fails inside, and connections, meet a tenth each; all kills come before the last request", () => {
  const seed = newSeed();
  const { rules, toxics, kills } = faultPlan(seed, size);
  const parts = rules.filter(({ fault }) => isOfPart(fault));
  assert.deepEqual(
    parts.map(({ fault }) => fault),
    [{ hsm: "busy" }, { disk: "full" }],
  );
  for (const { match } of parts) assert.deepEqual(match, { probability: 0.1 });
  for (const { toxicity } of toxics) assert.equal(toxicity, 0.1);
  assert.equal(kills.length, 10);
  for (const { posts } of kills) assert.ok(posts < size.signings, `OCISIGN_SEED=${seed}`);
});
