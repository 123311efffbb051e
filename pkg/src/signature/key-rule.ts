// Which public key is a product's? It can stand in the product, in the product's secrets document, and pinned: in the
// profile, or with the call. Where two of them are known, they have to be the same. This is the only place that decides
// it. What it needs of the module is handed in, because the elements and the command line have the package as a library,
// and the package has itself (product-key.ts beside this file, and in shown/).
import type { OcisignError, OcisignErrorConstructor, UnplacedErrorCode } from "../error.ts";
import { isRecord, isText } from "../foreign.ts";
import type { Product, ProductOperation } from "../service/product.ts";
import type { Profile } from "../service/profile.ts";
import { isSameId } from "../service/same-id.ts";
import { isWithheld } from "../service/withheld.ts";
import type { PublicKey } from "./public-key.ts";

/** Where a key was found: in the product, in its secrets document, pinned in the profile, or given with the call. */
export type KeySource = "product" | "secrets" | "pinned" | "given";

/** A key, and where it was found. */
export interface KeyAt {
  /** The key. */
  readonly key: PublicKey;
  /** Where it was found. */
  readonly from: KeySource;
  /** The place in words, such as `profile.keys.products`. */
  readonly place: string;
}

/** The key of a product. */
export interface FoundKey extends KeyAt {
  /** The same key, pinned in the profile or given with the call; undefined when the key is not pinned. */
  readonly pin: KeyAt | undefined;
  /** Why the product was not read, where a pinned key is used without it. */
  readonly unread: OcisignError | undefined;
}

/** Whose key is wanted, and what is known of it. */
export interface KeyWanted {
  /** The product, if it was read. */
  readonly product?: Product | undefined;
  /** Why it was not read. */
  readonly unread?: unknown;
  /** The product's id; not needed beside `product`. */
  readonly productId?: string | undefined;
  /** The operation's id, or beside `product` its name. Not needed when only one operation signs images. */
  readonly operation?: string | undefined;
  /** Where the product shows its key, and the pinned keys. */
  readonly profile?: Profile | undefined;
  /** A key that the caller gave. It takes the place of one that is pinned in the profile. */
  readonly given?: PublicKey | undefined;
  /** Where the given key is from, such as `--key old.pem`. */
  readonly givenAt?: string | undefined;
  /** The key that the product's secrets document shows. */
  readonly secrets?: PublicKey | undefined;
}

/** What the rule needs of the package. */
export interface Package {
  readonly OcisignError: OcisignErrorConstructor;
  publicKey(product: Product, operation?: string, profile?: Profile): PublicKey;
  readPublicKey(text: string): PublicKey;
  signingOperations(product: unknown): ProductOperation[];
}

const rotated =
  "Ask the product's owner whether the key was replaced. If it was, pin the new key; if not, trust neither.";
const elsewhere =
  "If the key stands only in the product's secrets, `ocisign key --client-key` reads it there: pin it in profile.keys.";

/** Makes the rule, with the package's own functions. */
export function keyRule({ OcisignError, publicKey, readPublicKey, signingOperations }: Package) {
  /**
   * The key of a product's operation.
   *
   * @throws {OcisignError} `key-mismatch` when two of the places show different keys; as {@link publicKey} when nothing
   *   shows one, or the product shows an unusable one; `bad-profile` for a pinned key that is none; why the product was
   *   not read, when no key is pinned.
   */
  function keyFor(given: KeyWanted): FoundKey {
    // A request may say anything in the place of an operation's id; what is no text names none.
    const wanted = isText(given.operation) ? given : { ...given, operation: undefined };
    const [secrets, pin] = [secretsOf(wanted), pinOf(wanted)];
    const own = shownBy(wanted, pin !== undefined || secrets !== undefined);
    const [found, ...others] = [own, secrets, pin].filter((one) => one !== undefined);
    // Where nothing is pinned, the product was read, or its error was thrown before.
    if (!found) throw new Error("a key was neither found nor missed");
    for (const other of others) checkSame(found, other);
    if (!own && wanted.product) checkFits(found, wanted, wanted.product);
    return { ...found, pin, unread: wanted.unread instanceof OcisignError ? wanted.unread : undefined };
  }

  /** The key that the product shows. With another key at hand, it may show none, or be withheld. */
  function shownBy({ product, unread, operation, profile }: KeyWanted, isKnown: boolean): KeyAt | undefined {
    if (!product) {
      if (isKnown && isWithheldHere(unread)) return undefined;
      throw isWithheldHere(unread)
        ? again(unread, `${unread.fix} Or pin the product's key: profile.keys.`)
        : unread;
    }
    try {
      return { key: publicKey(product, operation, profile), from: "product", place: "the product" };
    } catch (error) {
      if (!(error instanceof OcisignError) || !showsNone(error, product, profile)) throw error;
      if (isKnown) return undefined;
      throw again(error, `${error.fix} ${elsewhere}`);
    }
  }

  /** Does an error say that there is no key at all? The module says it in the same words of a product without anything. */
  function showsNone(
    { message }: OcisignError,
    { id, name }: Product,
    profile: Profile | undefined,
  ): boolean {
    const bare = { id, name, productOperations: [{ operationType: "SignOCI" }] };
    const none = thrownBy(() => publicKey(bare, undefined, profile));
    return none instanceof OcisignError && none.message === message;
  }

  function secretsOf({ secrets: key }: KeyWanted): KeyAt | undefined {
    return key && { key, from: "secrets", place: "its secrets document" };
  }

  /** The key that is given, or else the pinned one: an operation's precedes its product's. */
  function pinOf(wanted: KeyWanted): KeyAt | undefined {
    const { given: key, givenAt = "publicKey", product, operation, profile } = wanted;
    if (key) return { key, from: "given", place: givenAt };
    const productId = product?.id ?? wanted.productId;
    const operationId = product ? chosen(product, operation)?.id : operation;
    return pinnedAt(profile, "operations", operationId) ?? pinnedAt(profile, "products", productId);
  }

  function chosen(product: Product, wanted: string | undefined): ProductOperation | undefined {
    const operations = signingOperations(product);
    if (wanted === undefined) return operations.length === 1 ? operations[0] : undefined;
    const byId = operations.find(({ id }) => isText(id) && isSameId(id, wanted));
    return byId ?? operations.find(({ name }) => name === wanted);
  }

  function pinnedAt(
    profile: Profile | undefined,
    list: "operations" | "products",
    id: string | undefined,
  ): KeyAt | undefined {
    const keys: unknown = profile?.keys?.[list];
    if (!isRecord(keys) || !isText(id)) return undefined;
    const place = `profile.keys.${list}`;
    const named = Object.entries(keys).filter(([name]) => isSameId(name, id));
    const [first, ...others] = named.map(([name, text]): KeyAt => {
      return { key: readPinned(text, `${place}["${name}"]`), from: "pinned", place };
    });
    for (const other of others) if (first) checkSame(first, other);
    return first;
  }

  function readPinned(text: unknown, place: string): PublicKey {
    try {
      if (isText(text)) return readPublicKey(text);
    } catch (error) {
      if (error instanceof OcisignError)
        throw new OcisignError("bad-profile", `${place}: ${error.message}`, error.fix);
      throw error;
    }
    throw new OcisignError(
      "bad-profile",
      `${place} is not a string.`,
      "Pin the key as PEM, or as base64 of its DER.",
    );
  }

  function checkSame(one: KeyAt, other: KeyAt): void {
    if (one.key.fingerprint === other.key.fingerprint) return;
    const message = `The key of ${described(one)} is another than that of ${described(other)}.`;
    throw new OcisignError("key-mismatch", message, rotated);
  }

  /** A product that shows no key may still announce its type. The module compares, as if the product had shown it. */
  function checkFits(found: KeyAt, { operation, profile }: KeyWanted, product: Product): void {
    const asShown = { ...product, keyFoundElsewhere: found.key.pem };
    try {
      publicKey(asShown, operation, { ...profile, publicKeyPath: "keyFoundElsewhere" });
    } catch (error) {
      if (!(error instanceof OcisignError) || error.code !== "bad-public-key") throw error;
      const message = `The key of ${described(found)} is not of the type that the product announces: ${error.message}`;
      throw new OcisignError("key-mismatch", message, rotated);
    }
  }

  function isWithheldHere(error: unknown): error is OcisignError {
    return error instanceof OcisignError && isWithheld(error);
  }

  /** The same error, with more advice. */
  function again(error: OcisignError, fix: string): Error {
    // Neither of those that come here is an error about a place.
    return new OcisignError(error.code as UnplacedErrorCode, error.message, fix, undefined, error);
  }

  return keyFor;
}

function thrownBy(work: () => unknown): unknown {
  try {
    return void work();
  } catch (error) {
    return error;
  }
}

function described({ key: { keyType, fingerprint }, place }: KeyAt): string {
  return `${place} (${keyType} ${fingerprint})`;
}
