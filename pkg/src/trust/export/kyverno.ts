// An ImageValidatingPolicy for Kyverno 1.19. Its expressions say all but one thing that a trust file can ask:
// Kyverno does not compare the repository that a signature names.

import { isPrefix, stemOf } from "../pattern.ts";
import type { CountingKey, Plan, PlannedRule, Span } from "./plan.ts";
import { isTimeless, keysOf, takenOut } from "./plan.ts";
import { head, indented, inJson, listed, ruleCalled, type Written } from "./written.ts";

const limits = [
  "Kyverno compares the digest that a signature names, and not the repository: it admits an image with a signature that was copied from another repository with the same key.",
];

export function toKyverno(plan: Plan): Written {
  const notExpressed = plan.rules.filter(({ requireRepository }) => requireRepository).map(lossOf);
  const text = `${head("kyverno", notExpressed)}apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata:
  name: ocisign-trust
spec:
  failurePolicy: Fail
  webhookConfiguration:
    timeoutSeconds: 30
  validationActions: [Deny]
  matchConstraints:
    resourceRules:
      # Kyverno adds to such a policy, unlike to a ClusterPolicy, nothing for containers that join a running pod.
      - apiGroups: [""]
        apiVersions: [v1]
        resources: [pods, pods/ephemeralcontainers]
        operations: [CREATE, UPDATE]
  # A rule names digests, so a tag is resolved before a rule is asked.
  validationConfigurations:
    mutateDigest: true
    verifyDigest: true
    required: true
  attestors:${keysOf(plan).length === 0 ? " []" : ""}
${keysOf(plan).map(attestor).join("")}  variables:
    - name: named
      # Docker Hub's images have one name here, however they are written.
      expression: >-
        (images.containers + images.initContainers + images.ephemeralContainers)
        .map(image, {"image": image, "name": image(image).registry() + "/" + image(image).repository()})
  validations:
${validationsOf(plan).map(validation).join("")}`;
  return { files: [{ path: "kyverno.yaml", text }], notExpressed, limits };
}

function lossOf(rule: PlannedRule): string {
  return `${ruleCalled(rule)}: Kyverno does not compare the repository that a signature names (requireRepository), so it refuses every image of this rule.`;
}

// Transparency logs are off: no log knows the signatures of a managed key.
function attestor({ label, pem }: CountingKey): string {
  return `    - name: ${inJson(label)}
      cosign:
        key:
          data: |
${indented(pem, 12)}
        ctlog:
          insecureIgnoreTlog: true
          insecureIgnoreSCT: true
`;
}

interface Validation {
  readonly message: string;
  readonly expression: string;
}

function validation({ message, expression }: Validation): string {
  return `    - message: ${inJson(message)}
      expression: |-
${indented(`variables.named.all(it,\n  ${expression})`, 8)}
`;
}

function validationsOf(plan: Plan): readonly Validation[] {
  const revoked = plan.revokedDigests.map(({ digest, reason }) => ({
    message: `${digest} is revoked: ${reason}`,
    expression: `!${isOf(digest)}`,
  }));
  // Before 1.19, `verifyDigest` above stops no tag.
  const named = {
    message: "An image is named by a tag, and not by its digest, which may be revoked.",
    expression: 'it.image.contains("@")',
  };
  const patterns = plan.rules.flatMap((rule) => rule.patterns);
  const covered = {
    message: "No rule of the trust file holds for an image.",
    expression: patterns.map(fitting).join("\n  || ") || "false",
  };
  const digests = revoked.length === 0 ? [] : [named, ...revoked];
  return [...digests, covered, ...plan.rules.map((rule) => signatures(plan, rule))];
}

/** An image that the rule holds for has to be signed. */
function signatures(plan: Plan, rule: PlannedRule): Validation {
  const { name, threshold, keys, patterns, requireRepository } = rule;
  const holds = patterns.map((pattern) => {
    const others = takenOut(plan, rule, pattern).map(fitting);
    return others.length === 0 ? fitting(pattern) : `${fitting(pattern)} && !(${others.join(" || ")})`;
  });
  const asked =
    keys.length === 0
      ? "has no key that counts"
      : `asks for ${threshold} of the keys ${listed(keys.map((key) => key.name))}`;
  const signed =
    keys.length === 0 || requireRepository
      ? "false"
      : `verifyImageSignatures(it.image, ${attestorsOf(keys)}) >= ${threshold}`;
  return {
    message: requireRepository
      ? `The rule ${inJson(name)} asks for the repository in the signature, which Kyverno does not compare.`
      : `The rule ${inJson(name)} ${asked}.`,
    expression: `!(${holds.join("\n    || ")})\n  || ${signed}`,
  };
}

function fitting(pattern: string): string {
  // As Kyverno's library calls Docker Hub.
  const stem = stemOf(pattern).replace(/^docker\.io(?=\/|$)/, "index.docker.io");
  return isPrefix(pattern) ? `it.name.startsWith(${inJson(`${stem}/`)})` : `it.name == ${inJson(stem)}`;
}

function isOf(digest: string): string {
  return `it.image.endsWith(${inJson(`@${digest}`)})`;
}

/** A list of those that count now, for this image. */
function attestorsOf(keys: readonly CountingKey[]): string {
  const named = ({ label }: CountingKey) => `attestors[${inJson(label)}]`;
  const always = keys.filter(isTimeless);
  const sometimes = keys.filter((key) => !isTimeless(key));
  return [
    `[${always.map(named).join(", ")}]`,
    ...sometimes.map((key) => `(${whenCounting(key)} ? [${named(key)}] : [])`),
  ].join("\n    + ");
}

function whenCounting({ spans, countsFor }: CountingKey): string {
  return [...spans.map(during), ...countsFor.map(isOf)].join(" || ");
}

function during({ from, until }: Span): string {
  return [
    ...(from === undefined ? [] : [`time.now() >= timestamp(${inJson(from)})`]),
    ...(until === undefined ? [] : [`time.now() < timestamp(${inJson(until)})`]),
  ].join(" && ");
}
