// Reads a trust file. What is wrong with it is refused as a whole: a part of a policy is another policy.
import { isDigest, OcisignError, readPublicKey } from "ocisign";
import { isText } from "../foreign.ts";
import type { Digest } from "../image/reference.ts";
import { momentOf } from "../instant.ts";
import { readJsonTree } from "../json-tree.ts";
import { nearest } from "../nearest.ts";
import { keyBlocks } from "../signature/key-blocks.ts";
import type { Fingerprint, PublicKey } from "../signature/public-key.ts";
import { checkWords, legible, Place, shownText } from "./fields.ts";
import { whyNoPattern } from "./pattern.ts";
import type { RetiredKey, RevokedDigest, RevokedKey, TrustKey, TrustPolicy, TrustRule } from "./policy.ts";

/** Options of {@link readTrust}. */
export interface ReadTrustOptions {
  /** What messages call the file, such as its name. Default: `the trust file`. */
  called?: string | undefined;
}

/** The longest file, in characters. */
const mostCharacters = 4 * 1024 * 1024;
/** The longest name of a key or of a rule. */
const longestName = 100;
const longestReason = 1000;
/** Each signature is tried with each key of a rule. */
const mostKeysOfRule = 100;

/** What was read here, and nothing else: a policy that somebody put together was not checked. */
const read = new WeakSet<object>();

/**
 * Reads a trust file: which keys have to sign the images of which repositories. docs/trust.md describes its fields. It is
 * read strictly: an unknown field, a wrong type, a key that stands twice, or a rule that can hold for nothing is refused.
 *
 * @param given the file's text, the object that it holds, or what this function has read.
 * @throws {OcisignError} `bad-trust` for a mistake in the file, with its place; `bad-input` for what is no file.
 * @example
 * ```js
 * import { verifyImage } from "ocisign";
 * import { readTrust } from "ocisign/trust";
 *
 * const trust = readTrust({
 *   version: 1,
 *   keys: { "release-2026": { publicKey: pem } },
 *   rules: [{ name: "team apps", images: ["registry.example/team/**"], keys: ["release-2026"] }],
 * });
 * console.log(trust.rules[0]?.threshold); // 1
 * ```
 */
export function readTrust(
  given: string | object | TrustPolicy,
  { called = "the trust file" }: ReadTrustOptions = {},
): TrustPolicy {
  if (isPolicy(given)) return given;
  const policy = policyAt(new Place(isText(given) ? parsed(given, called) : copied(given), called), called);
  read.add(policy);
  return policy;
}

/** Did {@link readTrust} make it? */
function isPolicy(given: unknown): given is TrustPolicy {
  return typeof given === "object" && given !== null && read.has(given);
}

function parsed(text: string, called: string): unknown {
  if (text.length > mostCharacters) {
    throw mistake(
      `${called} has more than ${mostCharacters} characters.`,
      "Split it: a file for each registry.",
    );
  }
  const tree = readJsonTree(text);
  if (!("what" in tree)) return tree.value;
  const { what, at, path } = tree;
  const where = `${called}${at === undefined ? "" : `:${at}`}`;
  throw mistake(
    `${where}: ${path === undefined ? "" : `${legible(path)}: `}${what}.`,
    "Correct the file there.",
  );
}

/** A copy of plain data, so that what was checked stays what it was. */
function copied(given: unknown): unknown {
  try {
    const text = JSON.stringify(given);
    if (typeof given === "object" && given !== null && isText(text)) return JSON.parse(text);
  } catch {
    // A cycle, or a getter that throws.
  }
  const fix = "Pass the file's text, the object that it holds, or what readTrust() returned.";
  throw new OcisignError("bad-input", "trust is neither text nor plain data.", fix);
}

function mistake(message: string, fix: string): OcisignError {
  // The error without a place, of the union of all.
  return new OcisignError("bad-trust", message, fix) as OcisignError;
}

function policyAt(place: Place, called: string): TrustPolicy {
  place.fields(["$schema", "version", "keys", "rules", "revokedDigests"], ["version", "keys", "rules"]);
  place.optional("$schema")?.text();
  if (place.at("version").value !== 1) {
    throw place.at("version").wrong("is not 1", "Write 1, or use a version of ocisign that knows this one.");
  }
  const keys = keysAt(place.at("keys"));
  const rules = rulesAt(place.at("rules"), keys);
  const revokedDigests = revokedDigestsAt(place.optional("revokedDigests"));
  return deepFreeze({ called, keys, rules, revokedDigests });
}

function keysAt(place: Place): ReadonlyMap<string, TrustKey> {
  const keys = new Map<string, TrustKey>();
  const names = new Map<Fingerprint, string>();
  for (const [name, at] of place.entries()) {
    checkName(place, name);
    const key = keyAt(at, name);
    const other = names.get(key.fingerprint);
    if (other !== undefined) {
      const what = `is the same key as "${other}"`;
      throw at.at("publicKey").wrong(what, "Keep one of the two names, and use it in all rules.");
    }
    names.set(key.fingerprint, name);
    keys.set(name, key);
  }
  if (keys.size === 0) throw place.wrong("names no key", "Name at least one.");
  return keys;
}

function checkName(place: Place, name: string): void {
  if (name === "" || name.length > longestName) {
    const fix = `Write a name of 1 to ${longestName} characters.`;
    throw place.wrong(`has a key whose name is empty, or too long: ${shownText(name)}`, fix);
  }
  checkWords(place, name);
}

function keyAt(place: Place, name: string): TrustKey {
  place.fields(["publicKey", "validFrom", "validUntil", "retired", "revoked"], ["publicKey"]);
  const { pem, fingerprint, keyType } = publicKeyAt(place.at("publicKey"));
  const from = place.optional("validFrom");
  const until = place.optional("validUntil");
  const [validFrom, validUntil] = [from && timeAt(from), until && timeAt(until)];
  if (until && validFrom !== undefined && validUntil !== undefined) {
    if (new Date(validFrom) >= new Date(validUntil)) {
      const what = `is not after validFrom, so that the key "${name}" never counts`;
      throw until.wrong(what, "Correct one of the two times.");
    }
  }
  const [retired, revoked] = [place.optional("retired"), place.optional("revoked")];
  return {
    ...{ name, pem, fingerprint, keyType },
    ...(validFrom !== undefined && { validFrom }),
    ...(validUntil !== undefined && { validUntil }),
    ...(retired && { retired: retiredAt(retired) }),
    ...(revoked && { revoked: revokedAt(revoked) }),
  };
}

function publicKeyAt(place: Place): PublicKey {
  const blocks = keyBlocks(place.text());
  const [block] = blocks;
  if (block === undefined || blocks.length > 1) {
    throw place.wrong(
      `holds ${blocks.length} keys`,
      "Give each key a name of its own; a rule may name several.",
    );
  }
  try {
    return readPublicKey(block);
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    throw place.wrong(`cannot be used: ${error.message.replace(/\.$/, "")}`, error.fix);
  }
}

function retiredAt(place: Place): RetiredKey {
  place.fields(["at", "reason", "countsFor"], ["at", "reason"]);
  const digests = place.optional("countsFor")?.list(0) ?? [];
  return {
    at: timeAt(place.at("at")),
    reason: place.at("reason").words(longestReason),
    countsFor: digests.map(digestAt),
  };
}

function revokedAt(place: Place): RevokedKey {
  place.fields(["at", "reason"], ["reason"]);
  const at = place.optional("at");
  return { ...(at && { at: timeAt(at) }), reason: place.at("reason").words(longestReason) };
}

function rulesAt(place: Place, keys: ReadonlyMap<string, TrustKey>): readonly TrustRule[] {
  const rules = new Map<string, TrustRule>();
  const byPattern = new Map<string, string>();
  for (const at of place.list(1)) {
    const rule = ruleAt(at, keys);
    if (rules.has(rule.name)) {
      const what = `is "${rule.name}", as that of a rule before it`;
      throw at.at("name").wrong(what, "Give each rule a name of its own: refusals name the rule.");
    }
    for (const [index, pattern] of rule.images.entries()) {
      const other = byPattern.get(pattern);
      if (other !== undefined) throw twice(at, index, { pattern, other, rule: rule.name });
      byPattern.set(pattern, rule.name);
    }
    rules.set(rule.name, rule);
  }
  return [...rules.values()];
}

function twice(
  rule: Place,
  index: number,
  it: Readonly<Record<"pattern" | "other" | "rule", string>>,
): OcisignError {
  const [place] = rule.at("images").list(1).slice(index);
  const where =
    it.other === it.rule
      ? `stands twice in the rule "${it.rule}"`
      : `stands in the rule "${it.other}", too, beside "${it.rule}"`;
  return (place ?? rule).wrong(
    `(${it.pattern}) ${where}`,
    "Leave one of them out: exactly one rule holds for an image.",
  );
}

function ruleAt(place: Place, keys: ReadonlyMap<string, TrustKey>): TrustRule {
  place.fields(["name", "images", "keys", "threshold", "requireRepository"], ["name", "images", "keys"]);
  const name = place.at("name").words(longestName);
  const named = keyNamesAt(place.at("keys"), keys, name);
  const threshold = place.optional("threshold");
  const needed = threshold?.count() ?? 1;
  if (threshold && needed > named.length) {
    const has = named.length === 1 ? "only 1 key" : `only ${named.length} keys`;
    const what = `is ${needed}, but the rule "${name}" names ${has}`;
    throw threshold.wrong(what, "Name more keys, or ask for fewer.");
  }
  return {
    name,
    images: place.at("images").list(1).map(patternAt),
    keys: named,
    threshold: needed,
    requireRepository: place.optional("requireRepository")?.flag() ?? false,
  };
}

function keyNamesAt(place: Place, keys: ReadonlyMap<string, TrustKey>, rule: string): readonly string[] {
  const named: string[] = [];
  const all = place.list(1);
  if (all.length > mostKeysOfRule) {
    const what = `has more than ${mostKeysOfRule} names (rule "${rule}")`;
    throw place.wrong(what, "Split the rule by its images.");
  }
  for (const at of all) {
    const name = at.text();
    if (!keys.has(name)) {
      const near = nearest(name, [...keys.keys()], () => 3);
      const fix = near ? `Did you mean "${near}"?` : "Add the key to keys, or leave the name out.";
      throw at.wrong(`names ${shownText(name)}, which is not among the keys (rule "${rule}")`, fix);
    }
    if (named.includes(name)) {
      throw at.wrong(`names "${name}" twice (rule "${rule}")`, "Leave it out: a key counts once.");
    }
    named.push(name);
  }
  return named;
}

function patternAt(place: Place): string {
  const text = place.text();
  const why = whyNoPattern(text);
  if (why) throw place.wrong(`(${shownText(text)}) ${why.what.replace(/\.$/, "")}`, why.fix);
  return text;
}

function revokedDigestsAt(place: Place | undefined): readonly RevokedDigest[] {
  const revoked = new Map<string, RevokedDigest>();
  for (const at of place?.list(0) ?? []) {
    at.fields(["digest", "reason", "at"], ["digest", "reason"]);
    const digest = digestAt(at.at("digest"));
    if (revoked.has(digest)) {
      throw at.at("digest").wrong(`names ${digest} again`, "Leave one of the two entries out.");
    }
    const since = at.optional("at");
    const reason = at.at("reason").words(longestReason);
    revoked.set(digest, { digest, reason, ...(since && { at: timeAt(since) }) });
  }
  return [...revoked.values()];
}

function digestAt(place: Place): Digest {
  const text = place.text();
  // The module knows what one is.
  if (isDigest(text)) return text as Digest;
  throw place.wrong(
    `(${shownText(text)}) is no digest`,
    "Write sha256: and 64 hexadecimal digits in lower case.",
  );
}

function timeAt(place: Place): string {
  const text = place.text();
  if (momentOf(text)) return text;
  throw place.wrong(
    `(${shownText(text)}) is no time`,
    "Write it as RFC 3339 says, such as 2026-01-31T12:00:00Z.",
  );
}

/** What was read stays so. A map cannot be frozen: its type has no way to change it. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  // What stands there is frozen, whatever it is.
  const parts: readonly unknown[] = value instanceof Map ? [...value.values()] : Object.values(value);
  for (const part of parts) deepFreeze(part);
  return Object.freeze(value);
}
