// What a trust file may say, and people seldom mean.
import { standing, type TrustKey, type TrustPolicy, type TrustRule } from "./policy.ts";
import { nestedIn } from "./rule.ts";

/** In sentences, each of which names the rule or the key. */
export function warningsOf(policy: TrustPolicy, at: Date): readonly string[] {
  const named = new Set(policy.rules.flatMap(({ keys }) => keys));
  return [
    ...policy.rules.flatMap((rule) => tooFewKeys(policy, rule, at)),
    ...[...policy.keys.keys()].filter((name) => !named.has(name)).map(ofNoRule),
    ...[...policy.keys.values()].flatMap((key) => signedWhatIsRevoked(policy, key)),
    ...nestedIn(policy).map(
      ([inner, outer]) =>
        `The rule "${inner.rule.name}" holds for ${inner.pattern}, and not the rule "${outer.rule.name}" with ${outer.pattern}.`,
    ),
  ];
}

function tooFewKeys(policy: TrustPolicy, rule: TrustRule, at: Date): readonly string[] {
  const keys = rule.keys.flatMap((name) => policy.keys.get(name) ?? []);
  const counting = keys.filter((key) => standing(key, at).counts);
  if (counting.length >= rule.threshold) return [];
  const why = keys.flatMap((key) => {
    const it = standing(key, at);
    return it.counts ? [] : [`${key.name} is ${it.why}`];
  });
  const what = counting.length === 0 ? "has no key that counts" : `has only ${counting.length} that count`;
  return [
    `The rule "${rule.name}" ${what}, and asks for ${rule.threshold}: ${why.join("; ")}. It verifies only what countsFor names.`,
  ];
}

function ofNoRule(name: string): string {
  return `No rule names the key "${name}".`;
}

function signedWhatIsRevoked({ revokedDigests }: TrustPolicy, key: TrustKey): readonly string[] {
  const revoked = new Set<string>(revokedDigests.map(({ digest }) => digest));
  const both = key.retired?.countsFor.filter((digest) => revoked.has(digest)) ?? [];
  return both.map((digest) => `The key "${key.name}" counts for ${digest}, which is revoked: it is refused.`);
}
