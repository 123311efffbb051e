// Which rule holds for an image: the one whose pattern is the longest that fits. So there is always one answer, and a
// narrower rule takes its images out of a wider one.

import type { Digest } from "../image/reference.ts";
import { fits, type ImageName, isPrefix, stemOf } from "./pattern.ts";
import { standing, type TrustKey, type TrustPolicy, type TrustRule } from "./policy.ts";

/** A rule, and the pattern of it by which it holds. */
export interface HoldingRule {
  readonly rule: TrustRule;
  readonly pattern: string;
}

/** All patterns of a policy, each with its rule, in the file's order. */
export function patternsOf({ rules }: TrustPolicy): readonly HoldingRule[] {
  return rules.flatMap((rule) => rule.images.map((pattern) => ({ rule, pattern })));
}

/** The rule that holds for an image; undefined if none does. No two patterns are equal, so no two are equally long. */
export function ruleFor(policy: TrustPolicy, image: ImageName): HoldingRule | undefined {
  const fitting = patternsOf(policy).filter(({ pattern }) => fits(pattern, image));
  return fitting.reduce<HoldingRule | undefined>(
    (longest, one) =>
      longest && stemOf(longest.pattern).length >= stemOf(one.pattern).length ? longest : one,
    undefined,
  );
}

/** Patterns that take images out of another rule's pattern: allowed, and worth to be seen. */
export function nestedIn(
  policy: TrustPolicy,
): readonly (readonly [inner: HoldingRule, outer: HoldingRule])[] {
  const all = patternsOf(policy);
  // No two patterns are equal, so that a name stands before at most one that means everything below it.
  const wide = new Map(all.filter(({ pattern }) => isPrefix(pattern)).map((it) => [stemOf(it.pattern), it]));
  return all.flatMap((inner) =>
    namesAbove(stemOf(inner.pattern))
      .flatMap((name) => wide.get(name) ?? [])
      .filter((outer) => outer.rule !== inner.rule)
      .map((outer) => [inner, outer] as const),
  );
}

/** `a` and `a/b` of `a/b/c`. */
function namesAbove(name: string): readonly string[] {
  const ends = [...name.matchAll(/\//g)].map(({ index }) => index);
  return ends.map((end) => name.slice(0, end));
}

/** The keys of the rule for an image that count at a time; none where no rule holds. */
export function countingKeys(
  policy: TrustPolicy,
  image: ImageName & { readonly digest: Digest },
  at: Date = new Date(),
): readonly TrustKey[] {
  const names = ruleFor(policy, image)?.rule.keys ?? [];
  const keys = names.flatMap((name) => policy.keys.get(name) ?? []);
  return keys.filter((key) => standing(key, at, image.digest).counts);
}
