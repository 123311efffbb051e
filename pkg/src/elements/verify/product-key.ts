// The keys that a product shows.

import { type Profile, type PublicKey, type StoredProduct, signingOperations } from "ocisign";
import { keyFor } from "../../shown/product-key.ts";
import { codeOf } from "../model/errors.ts";
import { titleOf } from "../model/offer.ts";

export type OperationWithKey = { id: string; name: string; key: PublicKey };

/** The operation of a product that signs images, with its key; several if the product has several. */
export function keysOfProduct(
  product: StoredProduct,
  profile: Profile,
): { operations: OperationWithKey[]; problem?: unknown } {
  try {
    return { operations: [{ id: "", name: "", key: keyFor({ product, profile }).key }] };
  } catch (problem) {
    if (codeOf(problem) !== "operation-ambiguous") return { operations: [], problem };
  }
  const operations: OperationWithKey[] = [];
  let problem: unknown;
  for (const operation of signingOperations(product)) {
    const { id } = operation;
    if (typeof id !== "string") continue;
    try {
      operations.push({ id, name: titleOf(operation), key: keyFor({ product, operation: id, profile }).key });
    } catch (error) {
      problem = error;
    }
  }
  return { operations, problem: operations.length > 0 ? undefined : problem };
}
