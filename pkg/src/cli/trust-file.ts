// The trust file that --trust, OCISIGN_TRUST or the configuration file names, in place of keys.
import { createPublicKey } from "node:crypto";
import type { TrustPolicy } from "ocisign";
import type { TrustKey } from "ocisign/trust";
import { visible } from "../shown/visible.ts";
import { readText } from "./input.ts";
import { Problem, usage } from "./problem.ts";
import type { Session } from "./session.ts";
import { instantIn } from "./watch/since.ts";

/** What a library's call takes. */
export interface TrustFile {
  readonly trust: TrustPolicy;
  readonly trustAt: Date | undefined;
}

/** What else says which keys count. */
interface Others {
  readonly key: readonly string[] | undefined;
  readonly threshold: number | undefined;
  /** Are certificates asked for? */
  readonly isCertified?: boolean;
  readonly trustTime?: string | undefined;
  /** Does the product say what is requested? Then it names no key. */
  readonly requests?: boolean | undefined;
}

/** The trust file, unless a flag names keys in its place; undefined where none is given. */
export async function givenTrust(session: Session, others: Others): Promise<TrustFile | undefined> {
  const { trust } = session.settings;
  const at = timeOf(others.trustTime);
  const other = otherFlag(session, others);
  if (trust?.isFlag && other !== undefined) {
    throw usage(`--trust and ${other} both say which keys are trusted.`, "Leave one of them out.");
  }
  if (!trust || other !== undefined) {
    if (at) throw usage("--trust-time needs a trust file.", "Give --trust FILE, or leave it out.");
    return undefined;
  }
  if (others.threshold !== undefined) {
    const fix = "Leave --threshold out: each rule of the trust file says how many keys must have signed.";
    throw usage(`--threshold and ${trust.from} exclude each other.`, fix);
  }
  return { trust: await readTrustFile(trust.value, trust.from), trustAt: at };
}

/** @param from the flag or setting that names the file */
export async function readTrustFile(path: string, from: string): Promise<TrustPolicy> {
  const { readTrust } = await import("ocisign/trust");
  const policy = readTrust(readText(path, from), { called: visible(path) });
  for (const key of policy.keys.values()) checkUsable(key, policy);
  return policy;
}

/** What no program can verify with is no key: a point that is not on its curve, which only cryptography finds out. */
function checkUsable({ name, pem }: TrustKey, { called }: TrustPolicy): void {
  try {
    createPublicKey(pem);
  } catch {
    const fix = "Export the key again from where it was made; it is damaged.";
    throw new Problem("bad-trust", `${called}: the key "${name}" cannot be used.`, fix);
  }
}

function otherFlag(session: Session, { key, isCertified, requests }: Others): string | undefined {
  if (key) return "--key";
  if (isCertified) return "--certificate-root";
  return session.settings.product?.isFlag && !requests ? "--product" : undefined;
}

export function timeOf(given: string | undefined): Date | undefined {
  if (given === undefined) return undefined;
  const at = instantIn(given);
  if (at !== undefined) return new Date(at);
  throw usage(
    "--trust-time is neither a time nor a date.",
    "Write it as in 2026-11-29 or 2026-11-29T08:00:00Z.",
  );
}
