// What a decision is bound to: the request as it was shown. What differs now was not seen by the person who decides.
import { boundParts, publicKey, registriesOf } from "../core.ts";
import { fail, OcisignError } from "../error.ts";
import { type Fields, isList, isRecord, isText, isTooDeep } from "../foreign.ts";
import { plainFields } from "../options.ts";
import { pathOfElement, pathOfField } from "../path.ts";
import type { OperationId } from "./ids.ts";
import { plainCopy } from "./json.ts";
import type { Product, ProductOperation } from "./product.ts";
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
  "signature",
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
export function boundIn(...requests: readonly Fields[]): string[] {
  const parts = [...boundParts(), ...requests.flatMap((request) => Object.keys(request))];
  return [...new Set(parts)].filter((part) => !liveParts.includes(part));
}

/** What differs in these parts. */
export function changesIn(parts: readonly string[], before: Fields, after: Fields): RequestChange[] {
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
