// The operations of a product that sign digests. All rules about products are the same for them as for operations that
// sign images, and the module knows the latter: it is asked about the one operation as if it were of that type.
import { isText } from "../foreign.ts";
import type { Product, ProductOperation } from "../service/product.ts";
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
  const all = (productOperations ?? []).filter((it) => types.includes(it?.operationType));
  const [first, ...others] = all;
  if (!first) return "operation-missing";
  if (wanted === undefined) return others.length === 0 ? first : "operation-ambiguous";
  const byId = all.find(({ id }) => isText(id) && isSameId(id, wanted));
  return byId ?? all.find(({ name }) => name === wanted) ?? "operation-missing";
}

/** The product with this operation alone, for functions that know operations that sign images. */
export function asForImages(product: Product, operation: ProductOperation): Product {
  return { ...product, productOperations: [{ ...operation, operationType: "SignOCI" }] };
}
