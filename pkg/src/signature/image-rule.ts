// What a rule of a trust file says of one image, and in which words.
import { OcisignError } from "../error.ts";
import { Fault } from "../strict/fault.ts";
import type { TrustRule } from "../trust/policy.ts";
import type { Untrusted } from "./proof/candidate.ts";
import type { Fingerprint } from "./public-key.ts";
import type { Key } from "./ready-keys.ts";
import type { SignatureReport, Verification, VerificationTrust } from "./verification.ts";

/** A key that does not count, and why. */
export interface RefusedKey {
  readonly key: Key;
  /** Such as `the key release-2025 is retired since 2026-01-01T00:00:00Z: rotated (rule "team apps")`. */
  readonly why: string;
}

/** A signature holds under a key that does not count. */
export class UncountedKey extends Fault {}

interface Facts {
  readonly rule: TrustRule;
  readonly told: VerificationTrust;
  readonly refused: readonly RefusedKey[];
  /** Where the file revokes the image, if it does. */
  readonly revokedAt: string;
}

/** What was seen of the image. */
interface Seen {
  readonly agreed: readonly Fingerprint[];
  readonly signatures: readonly SignatureReport[];
  /** Why, as it is told of any keys. */
  readonly usual: string;
}

export class ImageRule {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** What the result of a verification tells of it. */
  get told(): VerificationTrust {
    return this.#facts.told;
  }

  get requireRepository(): boolean {
    return this.#facts.rule.requireRepository;
  }

  /** Is the image never verified, whatever signs it? */
  get isRevoked(): boolean {
    return this.told.revoked !== undefined;
  }

  /** Why a signature does not count that no key of the rule made. */
  get noKey(): string {
    return `The signature was made with none of the keys that the ${this.quoted} names.`;
  }

  /** Why a signature does not count that a key of the file made. */
  async refusalOf(untrusted: Untrusted<unknown>): Promise<UncountedKey | undefined> {
    for (const { key, why } of this.#facts.refused) {
      // A key of another kind, or one that the platform cannot use, did not make it as far as is known.
      const verified = await untrusted.verifiedBy(key).catch(noAnswer);
      if (verified) return new UncountedKey(`The signature does not count: ${why}.`);
    }
    return undefined;
  }

  /** The outcome, in words that name the rule. */
  reason(state: Verification["state"], { agreed, signatures, usual }: Seen): string {
    if (state === "verified") return this.#agreement(agreed);
    if (state === "unreachable") return usual;
    const { revocation } = this;
    if (state === "unsigned") return [usual, this.#demand, revocation ?? []].flat().join(" ");
    if (revocation !== undefined) return revocation;
    if (agreed.length > 0) return [this.#shortfall(agreed), ...this.#hindrances].join(" ");
    const [hindrance] = this.#hindrances;
    if (hindrance !== undefined) return hindrance;
    // That a key of the file made it says more than that another signature is damaged.
    const reason = signatures.find(({ failed }) => failed === "key")?.reason ?? usual;
    return reason.includes(this.quoted) ? reason : `${reason} ${this.#demand}`;
  }

  /** That the file revokes the image, if it does. */
  get revocation(): string | undefined {
    const { revoked } = this.told;
    if (!revoked) return undefined;
    const since = revoked.at === undefined ? "" : ` since ${revoked.at}`;
    return `The image ${revoked.digest} is revoked${since}: ${revoked.reason} (${this.#facts.revokedAt}).`;
  }

  /** The rule, as messages name it. */
  get quoted(): string {
    return `rule "${this.told.rule}"`;
  }

  get #demand(): string {
    const { keys, threshold } = this.#facts.rule;
    const names = keys.length === 1 ? `the key ${keys[0]}` : `${threshold} of the keys ${keys.join(", ")}`;
    return `The ${this.quoted} asks for a signature by ${names}.`;
  }

  #agreement(agreed: readonly Fingerprint[]): string {
    const { threshold } = this.#facts.rule;
    return `Signed by ${this.#names(agreed)}, as the ${this.quoted} asks (${agreed.length} of ${threshold}).`;
  }

  #shortfall(agreed: readonly Fingerprint[]): string {
    const { threshold } = this.#facts.rule;
    const asked = `the ${threshold} keys that the ${this.quoted} asks for`;
    return `Signed by only ${agreed.length} of ${asked}: ${this.#names(agreed)}.`;
  }

  /** That the rule cannot be met at all, because too few of its keys count. */
  get #hindrances(): readonly string[] {
    const { keys } = this.told;
    const { threshold } = this.#facts.rule;
    const counting = keys.filter(({ counts }) => counts).length;
    if (counting >= threshold) return [];
    const why = keys.flatMap((key) => (key.counts ? [] : `${key.name} is ${key.why}`)).join("; ");
    const asks = threshold === 1 ? "" : `, and it asks for ${threshold}`;
    const how = counting === 0 ? "No key" : `Only ${counting} of the keys`;
    return [`${how} of the ${this.quoted} counts${asks}: ${why}.`];
  }

  #names(keys: readonly Fingerprint[]): string {
    const names = keys.map(
      (one) => this.told.keys.find(({ fingerprint }) => fingerprint === one)?.name ?? one,
    );
    return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names.join();
  }
}

/** The outcome for what a trust file revokes, or what belongs to it: nothing else counts. */
export function asRevoked(verification: Verification, reason: string): Verification {
  // What is not verified is covered by nothing.
  const { coveredBy: _, ...facts } = verification;
  return { ...facts, state: "invalid", reason };
}

function noAnswer(error: unknown): undefined {
  if (!(error instanceof Fault || error instanceof OcisignError)) throw error;
}
