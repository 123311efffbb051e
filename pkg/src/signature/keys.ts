// The keys of a verification: read by the module, used by the platform.
import { bytesIn, bytesOf } from "../bytes.ts";
import { readPublicKey } from "../core.ts";
import { fail } from "../error.ts";
import { copyOfList, isText } from "../foreign.ts";
import type { ImageReference } from "../image/reference.ts";
import { count, type Given } from "../options.ts";
import type { TrustPolicy } from "../trust/policy.ts";
import { type CertificateOptions, TrustedCertificates } from "./certificates.ts";
import type { ImageRule } from "./image-rule.ts";
import { keyBlocks } from "./key-blocks.ts";
import type { PublicKey } from "./public-key.ts";
import { type Key, keysIn } from "./ready-keys.ts";
import { TrustedKeys } from "./trust.ts";

/**
 * A public key: what {@link readPublicKey} reads, or what {@link publicKey} returned. A text or file that holds several
 * keys in PEM stands for each of them.
 */
export type VerificationKey = string | Uint8Array | PublicKey;

/** One key, which must have signed. */
export interface OneKey {
  /** The key; of several in one text, any one must have signed. */
  publicKey: VerificationKey;
  /** Only without `publicKey`. */
  keys?: undefined;
  /** Only with `keys`, or 1. */
  threshold?: 1 | undefined;
  /** A certificate has to vouch for the key, too. */
  certificates?: CertificateOptions | undefined;
}

/** Several keys, of which so many must have signed. */
export interface SeveralKeys {
  /** Only without `keys`. */
  publicKey?: undefined;
  /** Any of these may have signed, 100 at most; the same key twice counts once. */
  keys: readonly VerificationKey[];
  /** So many different keys must have signed. Default 1. */
  threshold?: number | undefined;
  /** A certificate has to vouch for each key that counts, too. */
  certificates?: CertificateOptions | undefined;
}

/** No key is known: those count for which certificates vouch. */
export interface CertifiedKeys {
  /** With it, see {@link OneKey}. */
  publicKey?: undefined;
  /** With it, see {@link SeveralKeys}. */
  keys?: undefined;
  /** So many different keys must have signed. Default 1. */
  threshold?: number | undefined;
  /** Which certificates count. */
  certificates: CertificateOptions;
}

/** A trust file says which keys count for which images: see {@link TrustPolicy}. */
export interface TrustedByFile {
  /** The file's text, the object that it holds, or what `readTrust` of `ocisign/trust` has read. */
  trust: string | object | TrustPolicy;
  /** When keys have to count: a `Date`, or a text as RFC 3339 writes it. Default now. */
  trustAt?: Date | string | undefined;
  /** Only without `trust`. */
  publicKey?: undefined;
  /** Only without `trust`. */
  keys?: undefined;
  /** Only without `trust`: each rule of the file says its own. */
  threshold?: undefined;
  /** Only without `trust`. */
  certificates?: undefined;
}

/** No trust file says which keys count. */
export interface WithoutFile {
  /** Only in place of keys and certificates. */
  trust?: undefined;
  /** Only with `trust`. */
  trustAt?: undefined;
}

/** Which keys have to agree. */
export type VerificationKeys = ((OneKey | SeveralKeys | CertifiedKeys) & WithoutFile) | TrustedByFile;

/** Keys, and how many different ones have to have signed. */
export interface KeySet {
  /** None where any key counts for which a certificate vouches. */
  readonly keys: readonly Key[];
  readonly threshold: number;
  readonly certificates?: TrustedCertificates | undefined;
  /** The rule of a trust file that the keys are from. */
  readonly trust?: ImageRule | undefined;
}

/** The keys for each image: the same for all, or those of the rule that holds for it. */
export interface KeyChoice {
  /** @throws {OcisignError} `no-trust-rule` where a trust file says nothing of the image */
  of(image: ImageReference): KeySet;
}

/** The largest key that is read, in bytes. */
const mostBytes = 65_536;

/** The most keys of one verification: each signature is tried with each key. */
const mostKeys = 100;

/** The options that say which keys have to agree. */
export const keyOptions = ["publicKey", "keys", "threshold", "certificates", "trust", "trustAt"] as const;

/** What a trust file says in their place. */
const besideTrust = ["publicKey", "keys", "threshold", "certificates"] as const;

/** Reads which keys count for which images, and refuses what cannot be used before anything is fetched for it. */
export async function readKeyChoice(options: Given<(typeof keyOptions)[number]>): Promise<KeyChoice> {
  if (options.trust === undefined) {
    if (options.trustAt !== undefined) {
      throw fail("bad-input", "trustAt is given without trust.", "Pass the trust file, too.");
    }
    const keySet = await readKeys(options);
    return { of: () => keySet };
  }
  const other = besideTrust.find((name) => options[name] !== undefined && options[name] !== null);
  if (other === undefined) return TrustedKeys.read(options);
  const fix = "Leave one of them out: the trust file says which keys count, and how many.";
  throw fail("bad-input", `trust and ${other} are both given.`, fix);
}

/** Reads `{ publicKey | keys, threshold, certificates }`, in the same way. */
export async function readKeys(options: Given<(typeof besideTrust)[number]>): Promise<KeySet> {
  const isCertified = options.certificates !== undefined;
  const keys = distinct(given(options, isCertified).flatMap((value) => keysIn(formOf(value))));
  if (keys.length > mostKeys) throw tooMany();
  const threshold = count(options, "threshold") ?? 1;
  if (keys.length > 0 && threshold > keys.length) {
    const message = `threshold is ${threshold}, but there are only ${keys.length} different keys.`;
    throw fail("bad-input", message, "Pass as many keys as have to agree, or more.");
  }
  // What is given is read before the first wait.
  const certificates = TrustedCertificates.read(options.certificates);
  await Promise.all([certificates, ...keys.map((key) => key.imported())]);
  return { keys, threshold, certificates: await certificates };
}

function given({ publicKey, keys }: Given<"publicKey" | "keys">, isCertified: boolean): unknown[] {
  if (keys === undefined || keys === null) {
    // Who passes null has looked for a key, and found none: that does not mean any key.
    return isCertified && publicKey === undefined && keys === undefined ? [] : [publicKey];
  }
  if (publicKey !== undefined && publicKey !== null) {
    throw fail("bad-input", "publicKey and keys are both given.", "Pass one of the two.");
  }
  const list = copyOfList(keys, mostKeys);
  if (!list) throw tooMany();
  if (list.length > 0) return list;
  throw fail("bad-input", "There is no key to verify with.", "Pass publicKey, or a list of keys.");
}

function tooMany() {
  const message = `keys is not a list, or has more than ${mostKeys} keys.`;
  return fail("bad-input", message, "Pass a list of the keys that may have signed, or publicKey.");
}

/** One key, as text, as bytes, or as `publicKey()` returned it. */
export function readKey(value: unknown): PublicKey {
  // Read anew: what a caller gets is the caller's to change.
  const [key, ...others] = keyBlocks(formOf(value)).map(readPublicKey);
  if (key && others.length === 0) return key;
  throw fail(
    "bad-input",
    "Several keys are given where one is expected.",
    "Pass the one key that is expected.",
  );
}

/** The text or the bytes of one key, or of several in one file. */
function formOf(value: unknown): string | Uint8Array {
  const given = isText(value) ? value : (bytesOf(value, mostBytes) ?? bytesIn(value, "spki", mostBytes));
  if (given !== undefined) return given;
  const message = "The public key is neither PEM, nor DER bytes, nor a key of publicKey().";
  throw fail("bad-input", message, "Pass one of these.");
}

function distinct(keys: readonly Key[]): Key[] {
  return [...new Map(keys.map((key) => [key.fingerprint, key])).values()];
}
