// A configuration of Ratify 1.4 with a policy in Rego. Each key is a verifier of its own, and the policy counts them.
// Not with Ratify's trust policies: those verify a signature, but do not compare the digest that it names, so they admit
// an image with a signature that was made for another one (docs/trust-export.md).
import { isPrefix, stemOf } from "../pattern.ts";
import { type CountingKey, keysOf, type Plan, type PlannedRule, takenOut } from "./plan.ts";
import { countingSet } from "./rego.ts";
import { comments, head, inJson, listed, ruleCalled, type Written } from "./written.ts";

const limits = [
  "Ratify reads signatures in simple signing over SHA-256, and none in bundles.",
  "Ratify compares the digest that a signature names, and not the repository: it admits an image with a signature that was copied from another repository with the same key.",
  "Ratify sees no digest in an image that is named by a tag, so the policy refuses it: name images by digest.",
  "Ratify finds the files of the keys and the policy.rego from the folder that it runs in.",
];

const signatures = "application/vnd.dev.cosign.artifact.sig.v1+json";

export function toRatify(given: Plan): Written {
  const plan = { ...given, rules: given.rules.map(withReadableKeys) };
  const notExpressed = given.rules.flatMap(lossesOf);
  const keys = keysOf(plan);
  const config = {
    store: { version: "1.0.0", plugins: [{ name: "oras", cosignEnabled: true }] },
    policy: { version: "1.0.0", plugin: { name: "regoPolicy", policyPath: "policy.rego" } },
    verifier: {
      version: "1.0.0",
      plugins: keys.map((key) => ({
        ...{ name: key.label, type: "cosign", artifactTypes: signatures, key: fileOf(key) },
      })),
    },
  };
  return {
    files: [
      { path: "config.json", text: `${JSON.stringify(config, null, 2)}\n` },
      { path: "policy.rego", text: head("ratify", notExpressed) + policyOf(plan) },
      ...keys.map((key) => ({ path: fileOf(key), text: key.pem })),
    ],
    notExpressed,
    limits,
  };
}

function fileOf({ label }: CountingKey): string {
  return `keys/${label}.pub`;
}

/** With a key each, Ratify reads ECDSA alone. */
function isReadable({ keyType }: CountingKey): boolean {
  return !keyType.startsWith("RSA");
}

function withReadableKeys(rule: PlannedRule): PlannedRule {
  return { ...rule, keys: rule.keys.filter(isReadable) };
}

function lossesOf(rule: PlannedRule): readonly string[] {
  const called = ruleCalled(rule);
  if (rule.requireRepository) {
    return [
      `${called}: Ratify does not compare the repository that a signature names (requireRepository), so it refuses every image of this rule.`,
    ];
  }
  const unread = rule.keys.filter((key) => !isReadable(key));
  if (unread.length === 0) return [];
  return [
    `${called}: Ratify compares the digest that a signature names only with ECDSA keys, so the RSA keys ${listed(unread.map(({ name }) => name))} do not count.`,
  ];
}

function policyOf(plan: Plan): string {
  const rules = plan.rules.map((rule, place) => ruleIn(plan, rule, `counting_${place + 1}`));
  return `package ratify.policy

import rego.v1

default valid := false

# registry/repository, and the digest.
image := split(input.verifierReports[_].subject, "@")

# The keys that signed this image.
signers contains report.name if {
  report := input.verifierReports[_].verifierReports[_]
  report.isSuccess
}

revoked := ${revokedIn(plan)}

${rules.join("\n")}`;
}

function revokedIn({ revokedDigests }: Plan): string {
  if (revokedDigests.length === 0) return "set()";
  const each = revokedDigests.map(({ digest, reason }) => `  ${comments([reason])}  ${inJson(digest)},\n`);
  return `{\n${each.join("")}}`;
}

function ruleIn(plan: Plan, rule: PlannedRule, set: string): string {
  const about = comments([`The rule ${inJson(rule.name)}.`]);
  if (rule.requireRepository) return `${about}# It asks for the repository, which Ratify does not compare.\n`;
  if (rule.keys.length < rule.threshold) return `${about}# It has too few keys that count.\n`;
  const counting = countingSet(
    set,
    rule.keys,
    ({ label }) => `${inJson(label)} in signers`,
    ({ countsFor }) => countsFor.map((digest) => `image[1] == ${inJson(digest)}`),
  );
  const valid = rule.patterns.map((pattern) => {
    const conditions = [
      // Named by a tag, an image would be none of a narrower rule, and none that is revoked.
      "count(image) == 2",
      fitting(pattern),
      ...takenOut(plan, rule, pattern).map((inner) => `not ${fitting(inner)}`),
      "not image[1] in revoked",
      `count(${set}) >= ${rule.threshold}`,
    ];
    return `valid if {\n${conditions.map((line) => `  ${line}\n`).join("")}}\n`;
  });
  return [about + counting, ...valid].join("\n");
}

function fitting(pattern: string): string {
  const stem = stemOf(pattern);
  return isPrefix(pattern) ? `startswith(image[0], ${inJson(`${stem}/`)})` : `image[0] == ${inJson(stem)}`;
}
