// What a trust file asks, in words that each writer of a policy understands: which keys count, while which times last,
// and which patterns take images out of others. What is not so at any later time is left out.

import { OcisignError, parseReference } from "ocisign";
import type { Digest } from "../../image/reference.ts";
import type { KeyType } from "../../signature/public-key.ts";
import { isWithin } from "../pattern.ts";
import { type RevokedDigest, standing, type TrustKey, type TrustPolicy, type TrustRule } from "../policy.ts";
import { ruleFor } from "../rule.ts";
import { badInput } from "./bad-input.ts";

/** While a key counts: from a moment on, and before another. What is left out has no such end. */
export interface Span {
  readonly from?: string;
  readonly until?: string;
}

/** A key that counts now or later, or for single digests. */
export interface CountingKey {
  /** Its name in the file. */
  readonly name: string;
  /** The same, fit for the name of a file or of a thing in a cluster. */
  readonly label: string;
  readonly pem: string;
  readonly keyType: KeyType;
  /** None, if it counts for single digests only. */
  readonly spans: readonly Span[];
  /** The digests for which it counts at all times. */
  readonly countsFor: readonly Digest[];
}

export interface PlannedRule extends Pick<TrustRule, "name" | "threshold" | "requireRepository"> {
  readonly patterns: readonly string[];
  readonly keys: readonly CountingKey[];
}

export interface Plan {
  readonly rules: readonly PlannedRule[];
  readonly revokedDigests: readonly RevokedDigest[];
  /** The first moment in which a key counts that did not, or the other way round. */
  readonly until: string | undefined;
}

/** @param repositories the only ones that the policy is for; all that the rules name, if left out */
export function planOf(policy: TrustPolicy, at: Date, repositories: readonly string[] | undefined): Plan {
  const labels = labelsOf([...policy.keys.keys()]);
  const keyNamed = (name: string) => {
    const key = policy.keys.get(name);
    return key ? [countingKey(key, labels.get(name) ?? name, at)] : [];
  };
  const patterns = repositories ? onlyOf(policy, repositories) : (rule: TrustRule) => rule.images;
  const rules = policy.rules
    .map(({ name, threshold, requireRepository, keys, ...rule }) => ({
      ...{ name, threshold, requireRepository },
      patterns: patterns({ name, threshold, requireRepository, keys, ...rule }),
      keys: keys.flatMap(keyNamed).filter(({ spans, countsFor }) => spans.length + countsFor.length > 0),
    }))
    .filter((rule) => rule.patterns.length > 0);
  return { rules, revokedDigests: policy.revokedDigests, until: firstChange(rules) };
}

/** The patterns of other rules that take images out of a pattern. */
export function takenOut({ rules }: Plan, own: PlannedRule, pattern: string): readonly string[] {
  return rules
    .filter((rule) => rule !== own)
    .flatMap(({ patterns }) => patterns.filter((inner) => isWithin(inner, pattern)));
}

/** Every key once, in the file's order. */
export function keysOf({ rules }: Plan): readonly CountingKey[] {
  return [...new Map(rules.flatMap(({ keys }) => keys.map((key) => [key.name, key] as const))).values()];
}

/** Keys that count at some time for every image of a rule. */
export function generalKeys({ keys }: PlannedRule): readonly CountingKey[] {
  return keys.filter(({ spans }) => spans.length > 0);
}

/** Keys that count now for every image of a rule. */
export function keysOfNow({ keys }: PlannedRule): readonly CountingKey[] {
  return keys.filter(countsNow);
}

export function countsNow({ spans: [first] }: CountingKey): boolean {
  return first !== undefined && first.from === undefined;
}

/** Does a key count at any time from now on? */
export function isTimeless({ spans: [first, ...more] }: CountingKey): boolean {
  return first !== undefined && more.length === 0 && !first.from && !first.until;
}

function countingKey(key: TrustKey, label: string, at: Date): CountingKey {
  const { name, pem, keyType, retired } = key;
  const countsFor = (retired?.countsFor ?? []).filter((digest) => standing(key, at, digest).counts);
  return { name, label, pem, keyType, spans: spansOf(key, at), countsFor };
}

/** Asks whether the key counts at each moment in which that can change. */
function spansOf(key: TrustKey, at: Date): readonly Span[] {
  const moments = [key.validFrom, key.validUntil, key.retired?.at]
    .flatMap((text) => (text === undefined ? [] : [new Date(text)]))
    .filter((moment) => moment > at)
    .sort((a, b) => a.getTime() - b.getTime());
  const spans: Span[] = [];
  let from: Date | undefined;
  for (const moment of [at, ...moments]) {
    const { counts } = standing(key, moment);
    if (counts) from ??= moment;
    else if (from) {
      spans.push({ ...since(from, at), until: moment.toISOString() });
      from = undefined;
    }
  }
  return from ? [...spans, since(from, at)] : spans;
}

function since(from: Date, at: Date): Span {
  return from > at ? { from: from.toISOString() } : {};
}

function firstChange(rules: readonly PlannedRule[]): string | undefined {
  const spans = rules.flatMap(({ keys }) => keys.flatMap((key) => key.spans));
  return spans
    .flatMap(({ from, until }) => [from, until])
    .filter((moment) => moment !== undefined)
    .sort()[0];
}

/** Names that hold nothing but small letters, digits and single hyphens. No two are equal. */
export function labelsOf(names: readonly string[]): ReadonlyMap<string, string> {
  const plain = names.map(plainly);
  const areNames = plain.every((label) => label !== "") && new Set(plain).size === plain.length;
  return new Map(
    names.map((name, place) => {
      const label = plainly(name);
      return [name, areNames ? label : [place + 1, label].filter((part) => part !== "").join("-")];
    }),
  );
}

function plainly(name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return words.slice(0, 40).replace(/^-|-$/g, "");
}

/** Each named repository, as a pattern of the rule that holds for it. */
function onlyOf(
  policy: TrustPolicy,
  repositories: readonly string[],
): (rule: TrustRule) => readonly string[] {
  const held = repositories.map((given) => {
    const { registry, repository } = namedRepository(given);
    const holding = ruleFor(policy, { registry, repository });
    if (!holding)
      throw bad(
        `no rule of ${policy.called} holds for ${registry}/${repository}`,
        "Name one that a rule's pattern fits.",
      );
    return { pattern: `${registry}/${repository}`, rule: holding.rule.name };
  });
  return ({ name }) => [...new Set(held.filter(({ rule }) => rule === name).map(({ pattern }) => pattern))];
}

function namedRepository(given: string) {
  try {
    const image = parseReference(`${given}@sha256:${"0".repeat(64)}`);
    if (image.tag === undefined) return image;
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    throw bad(`${JSON.stringify(given)} is no repository: ${error.message}`, error.fix);
  }
  throw bad(`${JSON.stringify(given)} names a tag`, "Leave the tag out.");
}

function bad(what: string, fix: string): OcisignError {
  return badInput(`repositories: ${what}.`, fix);
}
