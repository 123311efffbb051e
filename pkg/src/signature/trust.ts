// A trust file in place of keys: which of its rules holds for an image, and which of the rule's keys count now. What reads
// the file is a part of its own (trust/), which is loaded when it is first asked for.
import { fail, OcisignError, type OcisignErrorOf } from "../error.ts";
import { fieldOf, isA, isText } from "../foreign.ts";
import type { ImageReference } from "../image/reference.ts";
import { momentOf } from "../instant.ts";
import type { Given } from "../options.ts";
import { toJson } from "../service/json.ts";
import type * as Part from "../trust/index.ts";
import { ImageRule, type RefusedKey } from "./image-rule.ts";
import type { KeyChoice, KeySet } from "./keys.ts";
import { type Key, keysIn } from "./ready-keys.ts";
import type { TrustedKey } from "./verification.ts";

/** Filled by the entry of each runtime. */
export const trustPart = {} as { load: () => Promise<typeof Part> };

/** So many keys of a file are tried, to name the one that made a signature and does not count. */
const mostTried = 100;

/** The keys of a trust file. */
export class TrustedKeys implements KeyChoice {
  readonly #part: typeof Part;
  readonly #policy: Part.TrustPolicy;
  /** By their names. */
  readonly #keys: ReadonlyMap<string, Key>;
  readonly #at: Date;

  private constructor(part: typeof Part, policy: Part.TrustPolicy, keys: ReadonlyMap<string, Key>, at: Date) {
    this.#part = part;
    this.#policy = policy;
    this.#keys = keys;
    this.#at = at;
  }

  /** Reads the options `trust` and `trustAt`. */
  static async read({ trust, trustAt }: Given<"trust" | "trustAt">): Promise<TrustedKeys> {
    const at = trustAt === undefined ? new Date() : momentOf(trustAt);
    if (!at) {
      const fix = "Pass a Date, or a text such as 2026-01-31T12:00:00Z.";
      throw fail("bad-input", "trustAt is no time.", fix);
    }
    const [part, policy] = await readPolicy(trust);
    const keys = await Promise.all([...policy.keys.values()].map((key) => imported(key, policy)));
    return new TrustedKeys(part, policy, new Map(keys), at);
  }

  /** @throws {OcisignError} `no-trust-rule` */
  of(image: ImageReference): KeySet {
    const held = this.#part.ruleFor(this.#policy, image);
    if (!held) throw noRule(this.#policy, image);
    const { rule, pattern } = held;
    const keys = rule.keys.flatMap((name) => this.#told(name, image));
    const { called, revokedDigests } = this.#policy;
    const index = revokedDigests.findIndex(({ digest }) => digest === image.digest);
    const revoked = revokedDigests[index];
    const trust = new ImageRule({
      rule,
      told: { rule: rule.name, pattern, keys, ...(revoked && { revoked }) },
      refused: [...keys.flatMap((key) => this.#refused(key, rule)), ...this.#others(rule)],
      revokedAt: `${called}: revokedDigests[${index}]`,
    });
    const counting = keys.flatMap(({ name, counts }) => (counts && this.#keys.get(name)) || []);
    return { keys: counting, threshold: rule.threshold, trust };
  }

  #told(name: string, { digest }: ImageReference): readonly TrustedKey[] {
    // A rule names keys of its file, unless somebody took one out of the map since.
    const key = this.#policy.keys.get(name);
    return key ? [{ name, fingerprint: key.fingerprint, ...this.#part.standing(key, this.#at, digest) }] : [];
  }

  #refused({ name, counts, why }: TrustedKey, rule: Part.TrustRule): readonly RefusedKey[] {
    const key = this.#keys.get(name);
    return counts || !key ? [] : [{ key, why: `the key ${name} is ${why} (rule "${rule.name}")` }];
  }

  /** Keys that the rule does not name: whoever signed with one of them by mistake wants to know. */
  #others(rule: Part.TrustRule): readonly RefusedKey[] {
    if (this.#keys.size > mostTried) return [];
    return [...this.#policy.keys.values()].flatMap((one) => {
      const key = this.#keys.get(one.name);
      if (!key || rule.keys.includes(one.name)) return [];
      const { why } = this.#part.standing(one, this.#at);
      const what = `the key ${one.name} is none of those that the rule "${rule.name}" names`;
      return [{ key, why: why === undefined ? what : `${what}, and is ${why}` }];
    });
  }
}

/** What a caller passes as `trust`, read. */
export async function readPolicy(trust: unknown): Promise<readonly [typeof Part, Part.TrustPolicy]> {
  // Copied before the first wait. A policy that was read does not change, and a copy of it would not have been read.
  const own = isText(trust) || isA(fieldOf(trust, "keys"), Map) ? trust : toJson(trust, "Reading trust");
  const part = await loadPart();
  // What is no policy that was read is refused.
  return [part, part.readTrust(own as string | Part.TrustPolicy)];
}

async function loadPart(): Promise<typeof Part> {
  try {
    return await trustPart.load();
  } catch (cause) {
    const fix = "Serve trust.js beside the loader; in Node, keep trust.cjs beside node.cjs.";
    throw fail("init-failed", "The part of ocisign that reads trust files could not be loaded.", fix, cause);
  }
}

/** What only the platform finds out of a key is a mistake of the file, too. */
async function imported(
  { name, pem }: Part.TrustKey,
  { called }: Part.TrustPolicy,
): Promise<readonly [name: string, key: Key]> {
  const [key] = keysIn(pem);
  if (!key) throw new Error("a key that was read is none");
  try {
    await key.imported();
    return [name, key];
  } catch (error) {
    if (!(error instanceof OcisignError) || error.code !== "bad-public-key") throw error;
    throw fail("bad-trust", `${called}: the key "${name}" cannot be used: ${error.message}`, error.fix);
  }
}

function noRule({ called }: Part.TrustPolicy, image: ImageReference): OcisignErrorOf {
  const { canonical, registry, repository } = image;
  const fix = `Add ${registry}/${repository} to the images of a rule, if its images are to be trusted.`;
  return fail("no-trust-rule", `${called} has no rule for ${canonical}.`, fix);
}
