// ClusterImagePolicies for Sigstore's policy-controller. Each policy whose pattern fits an image has to admit it: so a
// narrower rule can ask for more than a wider one, and never for something else.
import { isPrefix, stemOf } from "../pattern.ts";
import {
  type CountingKey,
  generalKeys,
  isTimeless,
  labelsOf,
  type Plan,
  type PlannedRule,
  takenOut,
} from "./plan.ts";
import { countingSet } from "./rego.ts";
import { head, indented, inJson, listed, ruleCalled, type Written } from "./written.ts";

const limits = [
  "policy-controller reads signatures in simple signing, and none in bundles.",
  "policy-controller compares the digest that a signature names, and not the repository: it admits an image with a signature that was copied from another repository with the same key.",
  'policy-controller judges only namespaces with the label policy.sigstore.dev/include: "true".',
];

export function toPolicyController(plan: Plan): Written {
  const notExpressed = plan.rules.flatMap((rule) => lossesOf(plan, rule));
  const labels = labelsOf(plan.rules.map(({ name }) => name));
  const documents = [
    ...plan.rules.map((rule) => policyOf(rule, labels.get(rule.name) ?? "")),
    ...plan.revokedDigests.map(({ digest, reason }) =>
      refusing(
        `ocisign-revoked-${digest.replace(":", "-")}`,
        [`**@${digest}`],
        `${digest} is revoked: ${reason}`,
      ),
    ),
  ];
  const own = head("policy-controller", notExpressed);
  return {
    files: [
      { path: "policy-controller.yaml", text: own + documents.join("---\n") },
      { path: "config-policy-controller.yaml", text: own + noMatch },
    ],
    notExpressed,
    limits,
  };
}

/** Images that no rule holds for are refused by the controller's own setting. */
const noMatch = `apiVersion: v1
kind: ConfigMap
metadata:
  name: config-policy-controller
  namespace: cosign-system
data:
  no-match-policy: deny
`;

function policyOf(rule: PlannedRule, label: string): string {
  const { name, threshold, requireRepository } = rule;
  const keys = generalKeys(rule);
  const metadata = `ocisign-rule-${label}`;
  const globs = rule.patterns.flatMap(globsOf);
  if (requireRepository) {
    return refusing(
      metadata,
      globs,
      `The rule ${inJson(name)} asks for the repository in the signature, which policy-controller does not compare.`,
    );
  }
  if (keys.length < threshold)
    return refusing(metadata, globs, `The rule ${inJson(name)} has too few keys that count.`);
  return `${opening(metadata, globs)}  authorities:
${keys.map(authority).join("")}${threshold === 1 && keys.every(isTimeless) ? "" : counted(keys, threshold)}`;
}

function refusing(metadata: string, globs: readonly string[], message: string): string {
  return `${opening(metadata, globs)}  authorities:
    - name: refused
      static:
        action: fail
        message: ${inJson(message)}
`;
}

function opening(metadata: string, globs: readonly string[]): string {
  return `apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata:
  name: ${metadata}
spec:
  mode: enforce
  images:
${globs.map((glob) => `    - glob: ${inJson(glob)}\n`).join("")}`;
}

// Without `ctlog` the controller asks no transparency log: no log knows the signatures of a managed key.
function authority({ label, pem }: CountingKey): string {
  return `    - name: ${inJson(label)}
      key:
        data: |
${indented(pem, 10)}
`;
}

/** One authority is enough for a policy; how many there have to be, and when each counts, this says. */
function counted(keys: readonly CountingKey[], threshold: number): string {
  const rego = `package sigstore

import rego.v1

default isCompliant := false

isCompliant if count(counting) >= ${threshold}

${countingSet("counting", keys, ({ label }) => `input.authorityMatches[${inJson(label)}]`)}`;
  return `  policy:
    type: rego
    data: |
${indented(rego, 6)}
`;
}

/** A glob is compared with the whole reference, in which Docker Hub is index.docker.io. */
function globsOf(pattern: string): readonly string[] {
  const stem = stemOf(pattern).replace(/^docker\.io(?=\/|$)/, "index.docker.io");
  return isPrefix(pattern) ? [`${stem}/**`] : [`${stem}@**`, `${stem}:**`];
}

function lossesOf(plan: Plan, rule: PlannedRule): readonly string[] {
  const called = ruleCalled(rule);
  if (rule.requireRepository) {
    return [
      `${called}: policy-controller does not compare the repository that a signature names (requireRepository), so it refuses every image of this rule.`,
    ];
  }
  const single = rule.keys.filter(({ countsFor }) => countsFor.length > 0);
  return [
    ...single.map(
      ({ name, countsFor }) =>
        `${called}: policy-controller cannot count the key ${name} for ${listed(countsFor)} only (countsFor), so the key does not count there.`,
    ),
    ...nestedLosses(plan, rule),
  ];
}

/** A narrower rule takes nothing out of this one: both are asked. That says the same where the narrower asks for more. */
function nestedLosses(plan: Plan, outer: PlannedRule): readonly string[] {
  return plan.rules
    .filter(
      (inner) =>
        inner !== outer &&
        outer.patterns.some((pattern) =>
          takenOut(plan, outer, pattern).some((taken) => inner.patterns.includes(taken)),
        ),
    )
    .filter((inner) => canHold(inner) && !impliesAlso(inner, outer))
    .map(
      (inner) =>
        `${ruleCalled(inner)}: policy-controller asks for the signatures of ${ruleCalled(outer)}, too, because a pattern of that fits the same images.`,
    );
}

function canHold(rule: PlannedRule): boolean {
  return !rule.requireRepository && generalKeys(rule).length >= rule.threshold;
}

/** Does each set of keys that is enough for the one rule hold enough for the other? */
function impliesAlso(inner: PlannedRule, outer: PlannedRule): boolean {
  if (!canHold(outer)) return false;
  const counted = new Set(generalKeys(outer).map(({ name }) => name));
  const foreign = generalKeys(inner).filter(({ name }) => !counted.has(name)).length;
  return inner.threshold - foreign >= outer.threshold;
}
