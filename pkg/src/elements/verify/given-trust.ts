// Trust files as people have them: pasted, in a file, or set by the page. What reads them is a part of the library of its
// own, which is loaded once there is one.
import init, { type ImageReference } from "ocisign";
import type { TrustPolicy } from "ocisign/trust";

/** What was read, and what can tell more of it. */
export interface GivenTrust {
  readonly part: typeof import("ocisign/trust");
  readonly policy: TrustPolicy;
}

/** Is it one, and no JSON Web Key? That one has words of its own. */
export function isTrustFile(text: string): boolean {
  return /^\s*[{[]/.test(text) && !/"kty"\s*:/.test(text);
}

/** @param called what messages call it; nothing if it is no file @throws {OcisignError} `bad-trust`, `bad-input` */
export async function readGivenTrust(
  given: string | object,
  called: string | undefined,
): Promise<GivenTrust> {
  await init();
  const part = await import("ocisign/trust");
  return { part, policy: part.readTrust(given, { called }) };
}

/** The rule for an image, as a verification would tell it now; undefined if none holds. */
export function ruleTold({ part, policy }: GivenTrust, image: ImageReference) {
  const held = part.ruleFor(policy, image);
  if (!held) return undefined;
  const { rule, pattern } = held;
  const now = new Date();
  const keys = rule.keys.flatMap((name) => {
    const key = policy.keys.get(name);
    return key ? [{ name, fingerprint: key.fingerprint, ...part.standing(key, now, image.digest) }] : [];
  });
  return { rule: rule.name, pattern, keys, threshold: rule.threshold };
}
