// The operations of a product that sign digests. All rules about products are the same for them as for operations that
// sign images, and the module knows the latter: it is asked about the one operation as if it were of that type.
import { isList, isText } from "../foreign.ts";
import type { Product, ProductOperation } from "../service/product.ts";
import type { Profile } from "../service/profile.ts";
import { isSameId } from "../service/same-id.ts";

/** As it is written, and as screens show it. */
const types: readonly unknown[] = ["DigestSigning", "DIGEST_SIGNING"];

/** What is wrong with the choice of an operation. */
export type NoOperation = "operation-missing" | "operation-ambiguous";

/**
 * The operation that is wanted, by its id or its name, or the only one.
 *
 * @returns the operation, or why there is none
 */
export function digestOperation(
  { productOperations }: Product,
  wanted: string | undefined,
): ProductOperation | NoOperation {
  const all = (isList(productOperations) ? productOperations : []).filter((it) =>
    types.includes(it?.operationType),
  );
  const [first, ...others] = all;
  if (!first) return "operation-missing";
  if (wanted === undefined) return others.length === 0 ? first : "operation-ambiguous";
  const byId = all.find(({ id }) => isText(id) && isSameId(id, wanted));
  return byId ?? all.find(({ name }) => name === wanted) ?? "operation-missing";
}

/** The product for functions that know operations that sign images, whatever the operation of a request signs. */
export function asForRequest<P extends Product>(product: P, operationId: unknown): P | Product {
  if (!isText(operationId)) return product;
  const operation = digestOperation(product, operationId);
  return typeof operation !== "string" && isSameId(String(operation.id), operationId)
    ? asForImages(product, operation)
    : product;
}

/** The product with this operation alone, for functions that know operations that sign images. */
export function asForImages(product: Product, operation: ProductOperation): Product {
  return { ...product, productOperations: [{ ...operation, operationType: "SignOCI" }] };
}

/** `productChanges` of the package, which the elements have as a library. */
type Changes<Change> = (
  before: Product,
  after: Product,
  operationId: string | undefined,
  profile: Profile | undefined,
) => Change[];

/**
 * What differs between two readings of the product of a request, whatever its operation signs. By itself,
 * `productChanges` finds the key of an operation that signs images.
 */
export function changesForRequest<Change extends { readonly path: string }>(
  productChanges: Changes<Change>,
  before: Product,
  after: Product,
  operationId: string | undefined,
  profile: Profile | undefined,
): Change[] {
  const all = productChanges(before, after, operationId, profile);
  const known = new Set(all.map(({ path }) => path));
  const [shown, now] = [asForRequest(before, operationId), asForRequest(after, operationId)];
  const ofKey = productChanges(shown, now, operationId, profile).filter(({ path }) => isOfKey(path));
  return [...all, ...ofKey.filter(({ path }) => !known.has(path))];
}

function isOfKey(path: string): boolean {
  return /^product\.key(\.|$)/.test(path);
}
