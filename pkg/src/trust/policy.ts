// What a trust file says once it was read, and whether a key of it counts.
import type { Digest } from "../image/reference.ts";
import type { Fingerprint, KeyType } from "../signature/public-key.ts";

/** A key that a trust file names. */
export interface TrustKey {
  /** Its name in the file. */
  readonly name: string;
  /** PEM (RFC 7468 §13), in the form that {@link readPublicKey} gives it. */
  readonly pem: string;
  /** As `openssl pkey -pubin -outform DER | sha256sum` prints it, after `sha256:`. */
  readonly fingerprint: Fingerprint;
  /** Read from the key itself. */
  readonly keyType: KeyType;
  /** The first moment in which it counts (RFC 3339); from the beginning, if left out. */
  readonly validFrom?: string;
  /** It counts before this moment (RFC 3339); for ever, if left out. */
  readonly validUntil?: string;
  /** The key was replaced: it counts no more, except for what it signed while it did. */
  readonly retired?: RetiredKey;
  /** The key never counts. */
  readonly revoked?: RevokedKey;
}

/** Since when and why a key counts no more. */
export interface RetiredKey {
  /** The moment (RFC 3339). Before it, the key counts. */
  readonly at: string;
  /** The file's words. */
  readonly reason: string;
  /** The digests that it signed while it counted: for them it still does, also after `validUntil`. */
  readonly countsFor: readonly Digest[];
}

/** Why a key never counts, whenever it signed: nothing proves that time. */
export interface RevokedKey {
  /** The moment (RFC 3339). It is told, and changes nothing. */
  readonly at?: string;
  /** The file's words. */
  readonly reason: string;
}

/** Which keys have to sign the images of some repositories. */
export interface TrustRule {
  /** Its name in the file. */
  readonly name: string;
  /** The patterns: `registry/repository`, or `registry/prefix/**` and `registry/**` for everything below. */
  readonly images: readonly string[];
  /** The names of the keys. */
  readonly keys: readonly string[];
  /** So many different ones have to have signed. */
  readonly threshold: number;
  /** Are signatures refused that name no repository? */
  readonly requireRepository: boolean;
}

/** An image that is never verified, whatever signs it. */
export interface RevokedDigest {
  /** The image's digest. */
  readonly digest: Digest;
  /** The file's words. */
  readonly reason: string;
  /** Since when (RFC 3339). It is told, and changes nothing. */
  readonly at?: string;
}

/** A trust file, read. Only `readTrust` of `ocisign/trust` makes one. */
export interface TrustPolicy {
  /** What messages call the file, such as its name. */
  readonly called: string;
  /** The keys, by their names. */
  readonly keys: ReadonlyMap<string, TrustKey>;
  /** The rules, in the file's order. */
  readonly rules: readonly TrustRule[];
  /** The images that are never verified. */
  readonly revokedDigests: readonly RevokedDigest[];
}

/** Does a key count? If not, why: words that go on after "the key is". */
export type Standing =
  | { readonly counts: true; readonly why?: never }
  | { readonly counts: false; readonly why: string };

/**
 * Does a key count at a time, for an image?
 *
 * A signature says nothing of when it was made. So a key that is outside its time, retired or revoked counts for nothing,
 * whenever it signed. The exception: digests that `countsFor` names, unless the key is revoked.
 *
 * @param digest the image that is verified
 * @example
 * ```js
 * import { readTrust, standing } from "ocisign/trust";
 *
 * const { keys } = readTrust({
 *   version: 1,
 *   keys: { release: { publicKey: pem, validUntil: "2026-01-01T00:00:00Z" } },
 *   rules: [{ name: "all", images: ["registry.example/**"], keys: ["release"] }],
 * });
 * for (const key of keys.values()) {
 *   const { counts, why } = standing(key, new Date("2026-07-01"));
 *   console.log(counts ? "it counts" : `it is ${why}`); // it is expired since 2026-01-01T00:00:00Z
 * }
 * ```
 */
export function standing(key: TrustKey, at: Date, digest?: Digest): Standing {
  const { validFrom, validUntil, retired, revoked } = key;
  if (revoked) return not(`revoked${sinceOf(revoked.at)}: ${revoked.reason}`);
  if (validFrom !== undefined && at < new Date(validFrom)) return not(`valid only from ${validFrom}`);
  const isOf = digest !== undefined && retired?.countsFor.includes(digest);
  if (isOf) return { counts: true };
  if (retired && at >= new Date(retired.at)) return not(`retired${sinceOf(retired.at)}: ${retired.reason}`);
  if (validUntil !== undefined && at >= new Date(validUntil)) return not(`expired${sinceOf(validUntil)}`);
  return { counts: true };
}

function not(why: string): Standing {
  return { counts: false, why };
}

function sinceOf(at: string | undefined): string {
  return at === undefined ? "" : ` since ${at}`;
}
