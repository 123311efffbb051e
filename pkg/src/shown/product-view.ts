// A request's product, for showing. Any field of it may be missing, or of another type.
import { checkRegistry, type ImageReference, type ProductOperation, type StoredProduct } from "ocisign";
import { isText } from "../foreign.ts";
import { isSameId } from "../service/same-id.ts";

/** What came of reading the request's product: nothing yet, nothing to read, the product, or an error. */
export interface ProductSeen {
  readonly state: "none" | "reading" | "read" | "failed";
  readonly value?: StoredProduct | undefined;
  readonly error?: unknown;
}

/**
 * The one operation with an id, whatever it does. What is no text names none, though it may look the same: an approval
 * is bound to an operation by texts alone.
 */
export function operationOf(product: StoredProduct | undefined, id: unknown): ProductOperation | undefined {
  const all: unknown = product?.productOperations;
  const operations: (ProductOperation | undefined)[] = Array.isArray(all) ? all : [];
  if (!isText(id)) return undefined;
  const [found, ...others] = operations.filter((one) => isText(one?.id) && isSameId(one.id, id));
  return others.length === 0 ? found : undefined;
}

/** Why a product does not sign for an image's registry, if it does not. */
export function mismatch(product: StoredProduct, image: string | ImageReference): unknown {
  try {
    checkRegistry(image, product);
    return undefined;
  } catch (error) {
    return error;
  }
}
