// Approvers need not be asked for a signature that would not count here: what is known of that before a request.
import type { PublicKey, Verification, VerificationTrust } from "ocisign";
import { exitCode, Problem } from "../problem.ts";
import type { ProductSeen } from "../product-seen.ts";
import type { Session } from "../session.ts";
import type { Trust } from "../trusted-keys.ts";

/** What is trusted, and what was seen of the image by it. */
interface Judged {
  readonly trust: Trust;
  readonly before: Verification;
}

/** Can any signature count? By a trust file, the image may be revoked, or too few keys count. @throws {Problem} */
export function checkRule({ trust, before }: Judged): void {
  if (!("trust" in trust) || !before.trust) return;
  const { called, rules } = trust.trust;
  const { rule, keys, revoked } = before.trust;
  if (revoked) throw neverVerified(before.reason, "Have a newer image signed.");
  const counting = keys.filter(({ counts }) => counts).length;
  const { threshold = 1 } = rules.find(({ name }) => name === rule) ?? {};
  if (counting >= threshold) return;
  const why = keys.flatMap((key) => (key.counts ? [] : `${key.name} is ${key.why}`)).join("; ");
  const asks = `${called}: the rule "${rule}" asks for ${threshold === 1 ? "a key" : `${threshold} keys`}`;
  const has = counting === 0 ? "none of its keys counts" : `only ${counting} of its keys counts`;
  throw neverVerified(`${asks}, and ${has}: ${why}.`, "Add a key that counts to the rule.");
}

/** Does the key count with which the product signs? A product need not show it. @throws {Problem} `key-mismatch` */
export async function checkSigner(
  session: Session,
  { product }: ProductSeen,
  operation: string | undefined,
  { trust, before }: Judged,
): Promise<void> {
  const { publicKey } = await import("ocisign");
  const { profile } = await session.service();
  const shown = product && shownBy(() => publicKey(product, operation, profile));
  if (!shown) return;
  if ("trust" in trust) checkByFile(trust.trust, before.trust, shown);
  else if ("keys" in trust) checkAmong(trust.keys, shown);
}

function checkAmong(keys: readonly PublicKey[], { fingerprint }: PublicKey): void {
  if (keys.some((key) => key.fingerprint === fingerprint)) return;
  const what = `The product signs with the key ${fingerprint}, which is not one of those that count.`;
  const fix = `Give the product's key, too, or name another product. ${nothing}`;
  throw new Problem("key-mismatch", what, fix);
}

function checkByFile(
  { called, keys }: Extract<Trust, { trust: unknown }>["trust"],
  told: VerificationTrust | undefined,
  { fingerprint }: PublicKey,
): void {
  const ofRule = told?.keys.find((key) => key.fingerprint === fingerprint);
  if (!told || ofRule?.counts) return;
  const named = [...keys.values()].find((key) => key.fingerprint === fingerprint);
  const key = named ? `${named.name} (${fingerprint})` : fingerprint;
  const rule = `the rule "${told.rule}"`;
  const why = ofRule ? `which is ${ofRule.why} (${rule})` : `which ${rule} does not name`;
  const fix = `Name another product, or add the product's key to the rule. ${nothing}`;
  const details = { exit: exitCode.notVerified };
  throw new Problem(
    "key-mismatch",
    `${called}: the product signs with the key ${key}, ${why}.`,
    fix,
    details,
  );
}

const nothing = "Nothing was requested.";

function neverVerified(what: string, fix: string): Problem {
  return new Problem("never-verified", what, `${fix} ${nothing}`, { exit: exitCode.notVerified });
}

/** The key, if the product shows it. */
function shownBy(read: () => PublicKey): PublicKey | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
