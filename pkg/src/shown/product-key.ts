// Which public key is a product's, where one may be pinned in the profile: the two have to be the same.
import {
  OcisignError,
  type Profile,
  type PublicKey,
  publicKey,
  readPublicKey,
  type StoredProduct,
} from "ocisign";
import { fieldOf, isRecord, isText } from "../foreign.ts";
import { isWithheld } from "./product-view.ts";

/** Whose key is wanted, and what is known of it. */
export interface KeyWanted {
  /** The product, if it was read. */
  readonly product?: StoredProduct | undefined;
  /** Why it was not read. */
  readonly unread?: unknown;
  /** The product's id; not needed beside `product`. */
  readonly productId?: string | undefined;
  readonly operation?: string | undefined;
  readonly profile?: Profile | undefined;
}

/** A key, and where it was found. */
export interface FoundKey {
  readonly key: PublicKey;
  readonly from: "product" | "pinned";
  /** The same key, where it is pinned. */
  readonly pin: { readonly key: PublicKey } | undefined;
}

const rotated =
  "Ask the product's owner whether the key was replaced. If it was, pin the new key; if not, trust neither.";

/**
 * @throws {OcisignError} `key-mismatch` for two different keys; `bad-profile` for a pinned key that is none; as
 *   `publicKey` where nothing shows a key; why the product was not read, where no key is pinned.
 */
export function keyFor(wanted: KeyWanted): FoundKey {
  const { product, unread, operation, profile } = wanted;
  const pinned = pinOf(wanted);
  const pin = pinned && { key: pinned };
  if (!product) {
    if (!pinned || !isWithheld(unread)) throw unread;
    return { key: pinned, from: "pinned", pin };
  }
  const shown = shownKey(product, operation, profile, pinned !== undefined);
  if (shown && pinned && shown.fingerprint !== pinned.fingerprint) throw mismatch(shown, pinned);
  const key = shown ?? pinned;
  if (!key) throw new OcisignError("bad-public-key", "No place shows the product's key.", rotated);
  return { key, from: shown ? "product" : "pinned", pin };
}

function shownKey(
  product: StoredProduct,
  operation: string | undefined,
  profile: Profile | undefined,
  isKnown: boolean,
) {
  try {
    return publicKey(product, operation, profile);
  } catch (error) {
    if (isKnown && fieldOf(error, "code") === "bad-public-key") return undefined;
    throw error;
  }
}

function pinOf({ product, productId, operation, profile }: KeyWanted): PublicKey | undefined {
  const ofProduct = isText(product?.id) ? product.id : productId;
  return pinnedAt(profile, "operations", operation) ?? pinnedAt(profile, "products", ofProduct);
}

function pinnedAt(profile: Profile | undefined, list: "operations" | "products", id: string | undefined) {
  const keys: unknown = profile?.keys?.[list];
  if (!isRecord(keys) || id === undefined) return undefined;
  const found = Object.entries(keys).find(([name]) => name.toLowerCase() === id.toLowerCase());
  if (!found) return undefined;
  try {
    return readPublicKey(String(found[1]));
  } catch (error) {
    const message = `profile.keys.${list}["${found[0]}"]: ${fieldOf(error, "message")}`;
    throw new OcisignError("bad-profile", message, String(fieldOf(error, "fix")));
  }
}

function mismatch(shown: PublicKey, pinned: PublicKey) {
  const described = ({ keyType, fingerprint }: PublicKey) => `${keyType} ${fingerprint}`;
  const message = `The product shows the key ${described(shown)}, but the pinned key is ${described(pinned)}.`;
  // The code joins the package's own with the rule itself.
  return Object.assign(new OcisignError("bad-public-key", message, rotated), { code: "key-mismatch" });
}
