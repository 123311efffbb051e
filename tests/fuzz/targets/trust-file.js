// Trust files: what is accepted is a policy that means something, written again it is accepted, and each consumer's
// policy of it can be written.
import assert from "node:assert/strict";
import { OcisignError } from "ocisign";
import { trust } from "../../support/readers.js";
import { refusedBy } from "../refused.js";
import { digest, publicKeys } from "../seal.js";

export const longest = 8192;
export const words = [
  publicKeys.trusted,
  publicKeys.stranger,
  digest,
  "registry.example/team/**",
  "registry.example/team/app",
  "2026-01-31T12:00:00Z",
  "docker.io/library/alpine",
];
const at = new Date("2026-06-01T00:00:00Z");

/** @param {Buffer} input */
export function judge(input) {
  const policy = refusedBy(OcisignError, () => trust.readTrust(input.toString()));
  if (!policy) return;
  assert.ok(Object.isFrozen(policy) && Object.isFrozen(policy.rules));
  for (const rule of policy.rules) {
    assert.ok(rule.threshold >= 1 && rule.threshold <= new Set(rule.keys).size);
    for (const name of rule.keys) assert.ok(policy.keys.has(name));
    for (const pattern of rule.images) checkHolds(policy, rule, pattern);
  }
  const again = trust.readTrust(JSON.parse(input.toString()));
  assert.deepEqual({ ...again }, { ...policy });
  for (const to of trust.consumers) refusedBy(OcisignError, () => trust.exportTrust(policy, { to, at }));
}

/** A rule holds for an image that its pattern fits, unless a longer one does. @param {any} policy @param {any} rule @param {string} pattern */
function checkHolds(policy, rule, pattern) {
  const stem = pattern.replace(/\/\*\*$/, "");
  const name = pattern.endsWith("/**") ? `${stem}/x` : stem;
  const [registry = "", ...rest] = name.split("/");
  const image = { registry, repository: rest.join("/"), digest: /** @type {any} */ (digest) };
  const holding = trust.ruleFor(policy, image);
  assert.ok(holding && holding.pattern.replace(/\/\*\*$/, "").length >= stem.length);
  if (holding.pattern === pattern) assert.equal(holding.rule, rule);
  for (const key of trust.countingKeys(policy, image, at)) assert.ok(holding.rule.keys.includes(key.name));
}
