// The keys of a verification: read by the module, used by the platform.
import { bytesIn, bytesOf } from "../bytes.ts";
import { readPublicKey } from "../core.ts";
import { fail } from "../error.ts";
import { copyOfList, isText } from "../foreign.ts";
import { count, type Given } from "../options.ts";
import { subtleCrypto } from "../strict/cryptography.ts";
import { keyBlocks } from "./key-blocks.ts";
import { type AcceptedAlgorithm, type Algorithm, algorithmsOf, mistakesOf } from "./proof/algorithms.ts";
import type { Fingerprint, PublicKey } from "./public-key.ts";

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
}

/** Several keys, of which so many must have signed. */
export interface SeveralKeys {
  /** Only without `keys`. */
  publicKey?: undefined;
  /** Any of these may have signed, 100 at most; the same key twice counts once. */
  keys: readonly VerificationKey[];
  /** So many different keys must have signed. Default 1. */
  threshold?: number | undefined;
}

/** Which keys have to agree. */
export type VerificationKeys = OneKey | SeveralKeys;

/** A key, ready to check signatures with. */
export interface Key {
  readonly fingerprint: Fingerprint;
  /** What is unusual about it. */
  readonly warning: string | undefined;
  /** One for each way in which signatures may have been made with it. */
  readonly checks: readonly Check<AcceptedAlgorithm>[];
  /** One for each way that does not count, made when it is first needed. */
  readonly mistakes: () => Promise<readonly Check[]>;
}

export interface Check<Kind extends Algorithm = Algorithm> {
  readonly algorithm: Kind;
  /** Does a signature over a message hold? */
  readonly holds: (signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>) => Promise<boolean>;
}

/** Keys, and how many different ones have to have signed. */
export interface KeySet {
  readonly keys: readonly Key[];
  readonly threshold: number;
}

/** The largest key that is read, in bytes. */
const mostBytes = 65_536;

/** The most keys of one verification: each signature is tried with each key. */
const mostKeys = 100;

/** The options that say which keys have to agree. */
export const keyOptions = ["publicKey", "keys", "threshold"] as const;

/** Reads `{ publicKey | keys, threshold }`, and refuses what cannot be used before anything is fetched for it. */
export async function readKeys(options: Given<(typeof keyOptions)[number]>): Promise<KeySet> {
  const keys = distinct(given(options).flatMap(readGiven));
  if (keys.length === 0) {
    throw fail("bad-input", "There is no key to verify with.", "Pass publicKey, or a list of keys.");
  }
  if (keys.length > mostKeys) throw tooMany();
  const threshold = count(options, "threshold") ?? 1;
  if (threshold > keys.length) {
    const message = `threshold is ${threshold}, but there are only ${keys.length} different keys.`;
    throw fail("bad-input", message, "Pass as many keys as have to agree, or more.");
  }
  return { keys: await Promise.all(keys.map(ready)), threshold };
}

function given({ publicKey, keys }: Given<"publicKey" | "keys">): unknown[] {
  if (keys === undefined || keys === null) return [publicKey];
  if (publicKey !== undefined && publicKey !== null) {
    throw fail("bad-input", "publicKey and keys are both given.", "Pass one of the two.");
  }
  const list = copyOfList(keys, mostKeys);
  if (list) return list;
  throw tooMany();
}

function tooMany() {
  const message = `keys is not a list, or has more than ${mostKeys} keys.`;
  return fail("bad-input", message, "Pass a list of the keys that may have signed, or publicKey.");
}

/** One key, as text, as bytes, or as `publicKey()` returned it. */
export function readKey(value: unknown): PublicKey {
  const [key, ...others] = readGiven(value);
  if (key && others.length === 0) return key;
  throw fail(
    "bad-input",
    "Several keys are given where one is expected.",
    "Pass the one key that is expected.",
  );
}

/** As text, as bytes, or as `publicKey()` returned it. */
function readGiven(value: unknown): PublicKey[] {
  const given = isText(value) ? value : (bytesOf(value, mostBytes) ?? bytesIn(value, "spki", mostBytes));
  if (given !== undefined) return keyBlocks(given).map(readPublicKey);
  const message = "The public key is neither PEM, nor DER bytes, nor a key of publicKey().";
  throw fail("bad-input", message, "Pass one of these.");
}

function distinct(keys: readonly PublicKey[]): PublicKey[] {
  return [...new Map(keys.map((key) => [key.fingerprint, key])).values()];
}

async function ready({ fingerprint, warning, spki, keyType }: PublicKey): Promise<Key> {
  const checksFor = <Kind extends Algorithm>(algorithms: readonly Kind[]) =>
    Promise.all(algorithms.map((algorithm) => checkWith(spki, algorithm)));
  let mistakes: Promise<readonly Check[]> | undefined;
  const checks = await checksFor(algorithmsOf[keyType]);
  return { fingerprint, warning, checks, mistakes: () => (mistakes ??= checksFor(mistakesOf(keyType))) };
}

async function checkWith<Kind extends Algorithm>(spki: BufferSource, algorithm: Kind): Promise<Check<Kind>> {
  const key = await importKey(spki, algorithm);
  return {
    algorithm,
    holds: (signature, message) =>
      subtleCrypto()
        .verify(algorithm, key, signature, message)
        .catch((cause: unknown) => {
          // The platform has not said no: it has not answered.
          const what = "The platform's cryptography could not check a signature.";
          throw fail("no-crypto", what, "Verify it with another browser, or with Node.", cause);
        }),
  };
}

async function importKey(spki: BufferSource, algorithm: Algorithm): Promise<CryptoKey> {
  return subtleCrypto()
    .importKey("spki", spki, algorithm, false, ["verify"])
    .catch((cause: unknown) => {
      // A point that is not on its curve, for instance: only the platform looks that closely.
      const what = "The platform's cryptography refuses the public key.";
      throw fail(
        "bad-public-key",
        what,
        "Export the key again from where it was made; it is damaged.",
        cause,
      );
    });
}
