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

const ends = (/** @type {object} */ fault) => !("cutBody" in fault) && !("latencyMs" in fault);

/** On how many of all requests each rule acts, as docs/sandbox.md says. @param {{ fault: object }[]} rules */
function actsOn(rules) {
  const endings = rules.filter(({ fault }) => ends(fault)).length;
  const ending = (1 - 0.9 ** endings) / endings;
  const resets = rules.filter(({ fault }) => "reset" in fault).length * ending;
  return rules.map(({ fault }) => {
    if (ends(fault)) return ending;
    return "cutBody" in fault ? 0.1 * (1 - resets) : 0.1;
  });
}

test("every form of every fault is drawn for a tenth of the requests, by itself", () => {
  const seed = newSeed();
  const { rules } = faultPlan(seed, size);
  const ofRequests = rules.filter(({ fault }) => !isOfPart(fault));
  const forms = ofRequests.map(({ fault }) => {
    const { status, takesEffect, reset } = /** @type {Record<string, any>} */ (fault);
    if (status) return `${status}${takesEffect ? " taken" : ""}`;
    return reset ? `reset ${reset}` : Object.keys(fault).sort().join("+");
  });
  const wanted = ["429", "502", "502 taken", "503", "reset before", "reset after", "cutBody"];
  wanted.push("latencyMs+slowBody", "expiredToken", "unknownStatus");
  assert.deepEqual(forms.sort(), wanted.sort());
  for (const [at, acts] of actsOn(ofRequests).entries()) {
    const { match, fault, acts: planned = 0 } = ofRequests[at] ?? {};
    assert.deepEqual(match, { probability: 0.1 });
    assert.ok(Math.abs(acts - planned) < 1e-9, `${JSON.stringify(fault)}: ${acts}, OCISIGN_SEED=${seed}`);
  }
});

test("what fails inside, and connections, meet a tenth each; all kills come before the last request", () => {
  const seed = newSeed();
  const { rules, toxics, kills, approverKills } = faultPlan(seed, size);
  const parts = rules.filter(({ fault }) => isOfPart(fault));
  assert.deepEqual(
    parts.map(({ fault }) => fault),
    [{ hsm: "busy" }, { disk: "full" }],
  );
  for (const { match } of parts) assert.deepEqual(match, { probability: 0.1 });
  for (const { toxicity } of toxics) assert.equal(toxicity, 0.1);
  assert.equal(kills.length, 10);
  for (const { posts } of kills) assert.ok(posts < size.signings, `OCISIGN_SEED=${seed}`);
  assert.equal(approverKills.length, 2);
  for (const approvals of approverKills) assert.ok(approvals < size.signings, `OCISIGN_SEED=${seed}`);
});
