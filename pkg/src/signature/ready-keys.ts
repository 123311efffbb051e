// Keys that were read and imported once stay so: reading one takes a call into the module, and importing it as long as
// several signatures. Each is found again by all of its own text or bytes, never by a part or a hash of them. Nobody else
// gets what is kept here, so that nobody can change it.
import { readPublicKey } from "../core.ts";
import { fail } from "../error.ts";
import { Recent } from "../recent.ts";
import { subtleCrypto } from "../strict/cryptography.ts";
import { keyBlocks } from "./key-blocks.ts";
import { type AcceptedAlgorithm, type Algorithm, algorithmsOf, mistakesOf } from "./proof/algorithms.ts";
import type { Fingerprint, PublicKey } from "./public-key.ts";

/** A key, ready to check signatures with. */
export interface Key {
  readonly fingerprint: Fingerprint;
  /** What is unusual about it. */
  readonly warning: string | undefined;
  /** One for each way in which signatures may have been made with it. */
  readonly checks: readonly Check<AcceptedAlgorithm>[];
  /** One for each way that does not count. */
  readonly mistakes: readonly Check[];
  /** Rejects when the platform refuses the key. */
  readonly imported: () => Promise<unknown>;
}

export interface Check<Kind extends Algorithm = Algorithm> {
  readonly algorithm: Kind;
  /** Does a signature over a message hold? */
  readonly holds: (signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>) => Promise<boolean>;
}

/** More than the keys of one verification. */
const most = 256;
/** The longest text that is kept: a key of RSA with 8192 bits has 1,500 characters in PEM. */
const longest = 8192;

/** By the text that was given, and by the bytes. */
const [byText, byBytes] = [new Recent<readonly Key[]>(most), new Recent<readonly Key[]>(most)];
/** By the DER form: two spellings of a key are one key. */
const ready = new Recent<Key>(most);

/** The keys of a text or of bytes. */
export function keysIn(value: string | Uint8Array): readonly Key[] {
  const known = typeof value === "string" ? byText : byBytes;
  const name = value.length > longest ? undefined : typeof value === "string" ? value : textOf(value);
  const found = name === undefined ? undefined : known.get(name);
  if (found) return found;
  const keys = keyBlocks(value).map((block) => readyKey(readPublicKey(block)));
  // Whoever gave a private key by mistake does not find it in a dump of the memory.
  if (name !== undefined && !name.includes("PRIVATE")) known.set(name, keys);
  return keys;
}

function readyKey(read: PublicKey): Key {
  const name = textOf(read.spki);
  const key = ready.get(name) ?? keyOf(read);
  ready.set(name, key);
  return key;
}

/** Each byte a character. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

function keyOf({ fingerprint, warning, spki, keyType }: PublicKey): Key {
  const checkWith = <Kind extends Algorithm>(algorithm: Kind) => checkOf(spki, algorithm);
  const checks = algorithmsOf[keyType].map(checkWith);
  const mistakes = mistakesOf(keyType).map(checkWith);
  // Whether a key is one does not depend on the hash.
  const imported = async () => checks[0]?.imported();
  return { fingerprint, warning, checks, mistakes, imported };
}

/** A check whose key is imported when it is first needed, and again only after a failure. */
function checkOf<Kind extends Algorithm>(spki: BufferSource, algorithm: Kind) {
  let by: SubtleCrypto | undefined;
  let key: Promise<CryptoKey> | undefined;
  const imported = () => {
    const subtle = subtleCrypto();
    // A key belongs to the platform that imported it, and a test runner may put another in its place.
    if (key && by === subtle) return key;
    by = subtle;
    const importing = importKey(subtle, spki, algorithm);
    key = importing;
    importing.catch(() => {
      if (key === importing) key = undefined;
    });
    return importing;
  };
  // The key knows the hash of this kind itself, and platforms take longer to read an object.
  const how = algorithm.name === "RSASSA-PKCS1-v1_5" ? algorithm.name : algorithm;
  const holds: Check["holds"] = async (signature, message) => {
    const imports = await imported();
    return subtleCrypto()
      .verify(how, imports, signature, message)
      .catch((cause: unknown) => {
        // The platform has not said no: it has not answered.
        const what = "The platform's cryptography could not check a signature.";
        throw fail("no-crypto", what, "Verify it with another browser, or with Node.", cause);
      });
  };
  return { algorithm, imported, holds };
}

function importKey(subtle: SubtleCrypto, spki: BufferSource, algorithm: Algorithm): Promise<CryptoKey> {
  return subtle.importKey("spki", spki, algorithm, false, ["verify"]).catch((cause: unknown) => {
    // A point that is not on its curve, for instance: only the platform looks that closely.
    const what = "The platform's cryptography refuses the public key.";
    throw fail("bad-public-key", what, "Export the key again from where it was made; it is damaged.", cause);
  });
}
