// What a decision is bound to: the request as it was shown. What differs now was not seen by the person who decides.
import { boundParts, harmless, publicKey, registriesOf } from "../core.ts";
import { fail, OcisignError } from "../error.ts";
import { type Fields, isList, isRecord, isText, isTooDeep } from "../foreign.ts";
import { plainFields } from "../options.ts";
import { pathOfElement, pathOfField } from "../path.ts";
import type { OperationId } from "./ids.ts";
import { plainCopy } from "./json.ts";
import type { Product, ProductOperation, StoredProduct } from "./product.ts";
import type { Profile } from "./profile.ts";
import { isSameId } from "./same-id.ts";
import type { Signing } from "./signing.ts";

/** A place in a request that differs. */
export interface RequestChange {
  /** Where, such as `payload.metadata[0].value`. */
  readonly path: string;
  /** What stood there; `undefined` when nothing did. */
  readonly before: unknown;
  /** What stands there. */
  readonly after: unknown;
}

/**
 * The parts of a signing request that move by themselves while it waits: the status, other people's approvals, and the
 * time of the last change. They are shown as they are now, and no decision is bound to them. Every other part is bound.
 *
 * @example
 * ```js
 * import { liveParts } from "ocisign";
 *
 * const bound = Object.keys(request).filter((part) => !liveParts.includes(part));
 * console.log(bound.includes("payload"), bound.includes("status")); // true false
 * ```
 */
export const liveParts: readonly string[] = [
  ...["status", "code", "state", "final", "approvals", "missingGroups", "history", "reason", "updatedAt"],
];

/**
 * What differs between two readings of a signing request, as far as a decision depends on it: in every part but
 * {@link liveParts}. The order of an object's fields does not count.
 *
 * @throws {OcisignError} `bad-input` for what is no reading, or is nested too deeply to be compared.
 * @example
 * ```js
 * import { changesBetween } from "ocisign";
 *
 * const shown = await client.signing(request.id);
 * const now = await client.signing(request.id);
 * for (const { path, before, after } of changesBetween(shown, now)) console.log(path, before, after);
 * ```
 */
export function changesBetween(before: Signing, after: Signing): RequestChange[] {
  const [shown, now] = [comparable(before), comparable(after)];
  return changesIn(boundIn(shown, now), shown, now);
}

/**
 * What differs between two readings of a product, as far as it concerns a request: the product's name, whether it is
 * enabled, its state, its registries, the operation and its key.
 *
 * @param operationId the operation that the request names
 * @param profile where a deployment has the key
 * @throws {OcisignError} `bad-input` for what is no reading, or is nested too deeply to be compared.
 * @example
 * ```js
 * import { productChanges } from "ocisign";
 *
 * const now = await client.product(product.id);
 * console.log(productChanges(product, now, request.idProductOperation).length); // 0
 * ```
 */
export function productChanges(
  before: Product,
  after: Product,
  operationId?: OperationId,
  profile?: Profile,
): RequestChange[] {
  const facts = (product: Product) => factsOf(comparable(product), operationId, profile);
  return changesAt("product", facts(before), facts(after));
}

/** What an approver is shown of a product. */
function factsOf(
  product: Product,
  operationId: OperationId | undefined,
  profile: Profile | undefined,
): Fields {
  const { name, enabled, state, productOperations } = product;
  const isNamed = ({ id }: ProductOperation) =>
    isText(id) && isText(operationId) && isSameId(id, operationId);
  const operations = isList(productOperations) ? productOperations.filter(isRecord).filter(isNamed) : [];
  return {
    name,
    enabled,
    state,
    registries: registriesOf(product),
    operations,
    key: keyOf(product, operationId, profile),
  };
}

/** Undefined when it cannot be read, as when there is none. */
function keyOf(
  product: Product,
  operationId: OperationId | undefined,
  profile: Profile | undefined,
): unknown {
  try {
    const { keyType, fingerprint } = publicKey(product, operationId, profile);
    return { keyType, fingerprint };
  } catch (error) {
    if (error instanceof OcisignError) return undefined;
    throw error;
  }
}

/** All parts that a decision is bound to, those of the reference's request first. */
function boundIn(...requests: readonly Fields[]): string[] {
  const parts = [...boundParts(), ...requests.flatMap((request) => Object.keys(request))];
  return [...new Set(parts)].filter((part) => !liveParts.includes(part));
}

function changesIn(parts: readonly string[], before: Fields, after: Fields): RequestChange[] {
  return parts.flatMap((part) => changesAt(pathOfField("", part), own(before, part), own(after, part)));
}

function changesAt(path: string, before: unknown, after: unknown): RequestChange[] {
  // JSON has no NaN; -0 is 0, in every copy.
  if (before === after) return [];
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const pathOf = Array.isArray(before) ? pathOfElement : pathOfField;
  return keys.flatMap((key) => changesAt(pathOf(path, key), own(before, key), own(after, key)));
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function own(object: Fields, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A copy of a reading that can be compared: whoever calls may pass anything. */
function comparable<T>(reading: T): T & Fields {
  const copy = plainCopy(plainFields(reading), "Comparing the readings");
  // Its type is the caller's promise.
  if (isRecord(copy) && !isTooDeep(copy)) return copy as T & Fields;
  const fix =
    "Pass two readings of the service. Report one that is nested too deeply to the service's operators.";
  throw fail("bad-input", "This is no reading that can be compared.", fix);
}

/** A request as it was shown, of which at least id and payload have to be known. */
export function shownRequest(id: string, shown: unknown): Fields {
  const fix = "Pass the signing request as it was read and shown.";
  if (!isRecord(shown) || !isText(shown.id) || !isSameId(shown.id, id)) {
    throw fail("bad-input", "expect is not the request that is decided about.", fix);
  }
  if (isRecord(shown.payload)) return shown;
  throw fail("bad-input", "expect has no payload: what would be signed was not shown.", fix);
}

/** The product that was shown beside a request. */
export function shownProduct(request: Fields, shown: unknown): StoredProduct {
  // Every field but the id may be missing, or of another type, as in a reply.
  if (isProductOf(request, shown)) return shown;
  const fix = "Pass the product of the request as it was read and shown, or leave it out.";
  throw fail("bad-input", "expectProduct is not the product of the request.", fix);
}

function isProductOf({ productId }: Fields, shown: unknown): shown is StoredProduct {
  return isRecord(shown) && isText(shown.id) && isText(productId) && isSameId(shown.id, productId);
}

/** Its bound parts, which the service compares once more when it takes the decision. */
export function boundPartsOf(shown: Fields): Fields {
  const known = boundParts().filter((part) => shown[part] !== undefined);
  return Object.fromEntries(known.map((part) => [part, shown[part]]));
}

/** Compares the request that was shown with what the service holds now. @param notDone what did not happen, for the fix */
export function checkUnchanged(shown: Fields, now: Signing, notDone: string): void {
  // A reading always has a status. A caller who passes less has shown less, and decides about that.
  const parts = shown.status === undefined ? boundIn(shown) : boundIn(shown, now);
  const changed = parts.filter((part) => changesIn([part], shown, now).length > 0);
  // A reading of a list may have fewer fields than one of the request itself.
  const named = changed.map((part) =>
    shown[part] === undefined ? `${quoted(part)} (was not shown)` : quoted(part),
  );
  checkNone(named, "request", notDone);
}

/** The same of the product that was shown beside it. */
export function checkSameProduct(
  shown: StoredProduct,
  now: StoredProduct,
  { idProductOperation }: Fields,
  profile: Profile,
  notDone: string,
): void {
  const operationId = isText(idProductOperation) ? idProductOperation : undefined;
  const changes = productChanges(shown, now, operationId, profile);
  checkNone(
    changes.map(({ path }) => quoted(path.replace("product.", ""))),
    "product",
    notDone,
  );
}

function checkNone(changed: readonly string[], what: "request" | "product", notDone: string): void {
  if (changed.length === 0) return;
  const named = changed.slice(0, mostNamed);
  const more = changed.length > mostNamed ? ` and ${changed.length - mostNamed} more` : "";
  const message = `The ${what} changed since it was shown: ${named.join(", ")}${more}.`;
  throw fail("changed", message, `${notDone} Read the ${what} again, show it, and decide again.`);
}

const mostNamed = 10;

/** A service chooses the names of its fields. */
function quoted(path: string): string {
  return /^[\w.[\]]{1,80}$/.test(path) ? path : `\`${harmless(path)}\``;
}
