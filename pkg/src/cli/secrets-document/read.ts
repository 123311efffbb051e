// What is used of a product's secrets document: of each key its name, type and public key, and whose document it is. The
// rest is secret, and is dropped here: it reaches no output, no error, and no memory of ours.
import type { Profile, PublicKey } from "ocisign";
import { fieldOf, isList, isRecord, isText } from "../../foreign.ts";
import { isSameId } from "../../service/same-id.ts";
import { visible } from "../../shown/visible.ts";
import { libraryError } from "../library-error.ts";
import { Problem } from "../problem.ts";
import { beginningOf } from "../secrets.ts";

/** In characters. A document with a hundred keys has a twentieth of it. */
export const largestDocument = 1024 * 1024;

/** A key of the document: one of its `tokenInfo`. */
export interface SecretsKey {
  readonly name: string;
  readonly keyType: string | undefined;
  readonly publicKey: string | undefined;
}

/** What is kept of a document. */
export interface SecretsDocument {
  /** The product's id, if the document says it. */
  readonly productId: string | undefined;
  readonly keys: readonly SecretsKey[];
}

/** Reads a decrypted document. No message quotes it. */
export function readSecrets(text: string): SecretsDocument {
  const document = parsed(text);
  if (!isRecord(document)) throw unusable("It is no JSON object.", "Give the decrypted document, as JSON.");
  const { tokenInfo, id, productId } = document;
  if (!isList(tokenInfo)) {
    throw unusable("It has no list `tokenInfo`.", "Give the whole decrypted document of a product.");
  }
  const keys = tokenInfo.filter(isRecord).map(({ name, keyType, publicKey }) => ({
    name: isText(name) ? name : "",
    keyType: isText(keyType) ? keyType : undefined,
    publicKey: isText(publicKey) ? publicKey : undefined,
  }));
  if (keys.length === 0) throw unusable("Its `tokenInfo` has no key.", "Check that the product has a key.");
  return { productId: [id, productId].find(isText), keys };
}

function parsed(text: string): unknown {
  try {
    // What its message quotes is secret.
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Which of the document's keys is wanted. */
export interface Wanted {
  /** Whose document it has to be. */
  readonly productId?: string | undefined;
  /** What the product's operation calls its key, if the product was read. */
  readonly tokenName?: string | undefined;
  /** As `--key-name` says. */
  readonly keyName?: string | undefined;
}

/** The one key that is meant. A document of another product is refused. */
export function keyIn({ productId, keys }: SecretsDocument, wanted: Wanted): SecretsKey {
  if (productId !== undefined && wanted.productId !== undefined && !isSameId(productId, wanted.productId)) {
    const what = `It is of the product ${visible(productId)}, and not of ${visible(wanted.productId)}.`;
    throw foreign(what);
  }
  const { tokenName, keyName } = wanted;
  if (tokenName !== undefined && keyName !== undefined && tokenName !== keyName) {
    throw foreign(`The operation's key is called ${quoted(tokenName)}, and not ${quoted(keyName)}.`);
  }
  const name = tokenName ?? keyName;
  const found = name === undefined ? keys : keys.filter((key) => key.name === name);
  const names = [...new Set(keys.map((key) => quoted(key.name)))].slice(0, 10).join(", ");
  const [first, ...others] = found;
  if (!first) {
    const whose = tokenName === undefined ? "No key in it is called" : "The operation's key is called";
    throw foreign(`${whose} ${quoted(name ?? "")}; in it are: ${names}.`);
  }
  if (others.some((other) => other.publicKey !== first.publicKey)) {
    const what =
      name === undefined ? `It holds several keys: ${names}.` : `It holds several keys ${quoted(name)}.`;
    throw unusable(what, "Name one with --key-name, or give the product and its operation.");
  }
  return first;
}

/** The public key itself, which has to be of the type that stands beside it. */
export async function publicKeyOf(
  { name, keyType, publicKey: text }: SecretsKey,
  keyTypes: Profile["keyTypes"],
): Promise<PublicKey> {
  if (text === undefined || text.trim() === "") {
    const fix = "Read the key from the product: `ocisign key --product ID`.";
    throw unusable(`The key ${quoted(name)} in it shows no public key.`, fix);
  }
  const { publicKey } = await import("ocisign");
  try {
    // The library reads and compares it as that of a product.
    const operation = { operationType: "SignOCI", token: { keyType, publicKey: text } };
    return publicKey({ productOperations: [operation] }, undefined, { keyTypes });
  } catch (error) {
    const { message } = libraryError(error) ?? {};
    if (message === undefined) throw error;
    throw unusable(`The key ${quoted(name)} in it is not usable: ${message}`, "Get the document again.");
  }
}

/** The name of an operation's key. */
export function tokenNameOf(operation: unknown): string | undefined {
  const name = fieldOf(fieldOf(operation, "token"), "name");
  return isText(name) && name !== "" ? name : undefined;
}

function quoted(name: string): string {
  return `"${visible(beginningOf(name, 80))}"`;
}

function foreign(what: string): Problem {
  const fix = "Give the secrets document of this product, or name the product and operation that it is of.";
  return new Problem("other-secrets", `The secrets document is another one. ${what}`, fix);
}

function unusable(what: string, fix: string): Problem {
  return new Problem("bad-secrets", `The secrets document is not used. ${what}`, fix);
}
