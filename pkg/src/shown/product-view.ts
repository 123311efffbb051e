// A request's product, for showing. Any field of it may be missing, or of another type.
import { checkRegistry, type ImageReference, type ProductOperation, type StoredProduct } from "ocisign";
import { isSameId } from "../service/same-id.ts";
import { asText } from "./as-text.ts";

/** What came of reading the request's product: nothing yet, nothing to read, the product, or an error. */
export interface ProductSeen {
  readonly state: "none" | "reading" | "read" | "failed";
  readonly value?: StoredProduct | undefined;
  readonly error?: unknown;
}

/** The operation with an id, whatever it does. */
export function operationOf(product: StoredProduct | undefined, id: string): ProductOperation | undefined {
  const all: unknown = product?.productOperations;
  const operations: (ProductOperation | undefined)[] = Array.isArray(all) ? all : [];
  return operations.find((operation) => isSameId(asText(operation?.id), id));
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
