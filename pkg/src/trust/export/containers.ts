// policy.json and registries.d for containers/image: podman, buildah, skopeo and CRI-O. It compares repositories, knows
// no time, and lets the longest scope hold, as a trust file does with patterns.
import type { Digest } from "../../image/reference.ts";
import { isPrefix, isWithin, stemOf } from "../pattern.ts";
import { type CountingKey, countsNow, keysOfNow, type Plan, type PlannedRule } from "./plan.ts";
import { inRepository, type Requirement, refuseAll, sigstoreSigned, useAttachments } from "./policy-json.ts";
import { head, inJson, listed, ruleCalled, type Written } from "./written.ts";

/** More are not written for a rule: any two of ten keys take ten, any five 210. */
const mostRequirements = 100;

/** The requirements of images whose name begins with a scope's. */
type Scopes = Map<string, readonly Requirement[]>;

export function toContainers(plan: Plan): Written {
  const notExpressed = plan.rules.flatMap((rule) => lossesOf(plan, rule));
  const scopes: Scopes = new Map();
  for (const rule of plan.rules) for (const pattern of rule.patterns) addScopes(scopes, plan, rule, pattern);
  const policy = { default: refuseAll, transports: { docker: Object.fromEntries(scopes) } };
  const registries = [...new Set(plan.rules.flatMap(({ patterns }) => patterns.map(stemOf)))];
  return {
    files: [
      { path: "policy.json", text: `${JSON.stringify(policy, null, 2)}\n` },
      // policy.json has no comments: what is to be said of it stands here.
      {
        path: "registries.d/ocisign.yaml",
        text: head("containers", notExpressed, plan.until) + useAttachments(registries),
      },
    ],
    notExpressed,
    limits: limitsOf(plan),
  };
}

function addScopes(scopes: Scopes, plan: Plan, rule: PlannedRule, pattern: string): void {
  const stem = stemOf(pattern);
  const asked = requirementsOf(plan, rule, pattern, keysOfNow(rule));
  scopes.set(stem, both(scopes.get(stem), asked));
  if (isPrefix(pattern)) return;
  for (const digest of new Set(rule.keys.flatMap(({ countsFor }) => countsFor))) {
    scopes.set(`${stem}@${digest}`, requirementsOf(plan, rule, pattern, keysFor(rule, digest)));
  }
  for (const { digest } of plan.revokedDigests) scopes.set(`${stem}@${digest}`, refuseAll);
}

/** Two rules that need the same scope are both asked: refusing too much is told, admitting too much would be wrong. */
function both(
  there: readonly Requirement[] | undefined,
  more: readonly Requirement[],
): readonly Requirement[] {
  return there ? [...there, ...more] : more;
}

function requirementsOf(
  plan: Plan,
  rule: PlannedRule,
  pattern: string,
  keys: readonly CountingKey[],
): readonly Requirement[] {
  if (isPrefix(pattern) && plan.revokedDigests.length > 0) return refuseAll;
  const sets = eachEnough(keys, rule.threshold);
  if (sets === undefined) return refuseAll;
  return identitiesOf(rule, pattern).flatMap((identity) =>
    sets.map((set) =>
      sigstoreSigned(
        set.map(({ pem }) => pem),
        identity,
      ),
    ),
  );
}

/**
 * The signature has to name the image's own repository. A scope of one repository reaches below it, too, where no such
 * rule holds: so there the signature has to name just that one.
 */
function identitiesOf(rule: PlannedRule, pattern: string): readonly Requirement[] {
  const stem = stemOf(pattern);
  if (isPrefix(pattern) || rule.patterns.includes(`${stem}/**`)) return [inRepository];
  return [inRepository, { type: "exactRepository", dockerRepository: stem }];
}

/**
 * Sets of keys of which each has to have one that signed, so that at least `threshold` different ones did: every set
 * that is left when `threshold - 1` are taken away. Nothing, where there are too few keys or too many sets.
 */
function eachEnough(
  keys: readonly CountingKey[],
  threshold: number,
): readonly (readonly CountingKey[])[] | undefined {
  const size = keys.length - threshold + 1;
  if (size < 1 || choices(keys.length, size) > mostRequirements) return undefined;
  return subsets(keys, size);
}

function subsets<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return all.flatMap((first, place) =>
    subsets(all.slice(place + 1), size - 1).map((rest) => [first, ...rest]),
  );
}

function choices(from: number, size: number): number {
  let count = 1;
  for (let taken = 1; taken <= size; taken++) count = (count * (from - size + taken)) / taken;
  return count;
}

function keysFor({ keys }: PlannedRule, digest: Digest): readonly CountingKey[] {
  return keys.filter((key) => countsNow(key) || key.countsFor.includes(digest));
}

function lossesOf(plan: Plan, rule: PlannedRule): readonly string[] {
  const called = ruleCalled(rule);
  const prefixes = rule.patterns.filter(isPrefix);
  const revoked = plan.revokedDigests.map(({ digest }) => digest);
  if (prefixes.length > 0 && revoked.length > 0) {
    return [
      `${called}: containers/image can refuse a digest only in a repository that is named, so it refuses every image of ${listed(prefixes)}. Revoked are ${listed(revoked)}.`,
    ];
  }
  const keys = keysOfNow(rule);
  const tooMany = keys.length >= rule.threshold && eachEnough(keys, rule.threshold) === undefined;
  return [
    ...(tooMany
      ? [
          `${called}: ${rule.threshold} of ${keys.length} keys would take more than ${mostRequirements} requirements, so containers/image refuses every image of this rule.`,
        ]
      : []),
    ...(prefixes.length === 0 ? [] : rule.keys)
      .filter(({ countsFor }) => countsFor.length > 0)
      .map(
        ({ name, countsFor }) =>
          `${called}: containers/image can count a key for a digest only in a repository that is named, so the key ${name} does not count for ${listed(countsFor)} in ${listed(prefixes)} (countsFor).`,
      ),
    ...sharedScopes(plan, rule),
  ];
}

/** A scope of one repository holds below it, too; and one of all below a name for that name. */
function sharedScopes(plan: Plan, rule: PlannedRule): readonly string[] {
  const exact = rule.patterns.filter((pattern) => !isPrefix(pattern));
  const others = plan.rules.filter((other) => other !== rule);
  return exact.flatMap((stem) =>
    others.flatMap((other) => {
      if (other.patterns.includes(`${stem}/**`)) {
        return [
          `${ruleCalled(rule)} and ${ruleCalled(other)}: containers/image has one scope for ${stem} and for all below it, so it asks both rules there.`,
        ];
      }
      if (!other.patterns.some((pattern) => isWithin(stem, pattern))) return [];
      return [
        `${ruleCalled(other)}: containers/image asks ${ruleCalled(rule)} for images below ${stem}/, too, so it refuses those.`,
      ];
    }),
  );
}

function limitsOf({ rules, revokedDigests, until }: Plan): readonly string[] {
  const names = rules
    .flatMap(({ patterns }) => patterns.filter(isPrefix).map(stemOf))
    .filter((stem) => stem.includes("/"));
  return [
    "containers/image reads signatures in simple signing over SHA-256, and none in bundles.",
    ...(names.length === 0
      ? []
      : [
          `containers/image takes a repository that is called just ${listed(names.map(inJson))} for one below that name.`,
        ]),
    ...(revokedDigests.length === 0
      ? []
      : [
          "containers/image sees no digest in an image that is named by a tag: it refuses a revoked digest only where the image is named by digest.",
        ]),
    ...(until === undefined
      ? []
      : [
          `containers/image knows no time: export again before ${until}, when a key begins or ceases to count.`,
        ]),
  ];
}
