// Why a request cannot be approved, however long a person reads it: the same on the page and on the command line.
import { isWithheld, mismatch, type ProductSeen } from "./product-view.ts";
import type { RequestView } from "./request-view.ts";

/**
 * - `no-reference`: the request does not name exactly one image.
 * - `mismatch`: the product does not sign for the image's registry.
 * - `product-unread`: the product could not be read this time. A person who may not read products approves without it.
 */
export type Refusal = "no-reference" | "mismatch" | "product-unread";

export function refusalsOf(request: RequestView, product: ProductSeen): Refusal[] {
  const found: Refusal[] = [];
  if (!request.image) found.push("no-reference");
  if (request.image && product.value && mismatch(product.value, request.image) !== undefined)
    found.push("mismatch");
  if (product.state === "failed" && !isWithheld(product.error)) found.push("product-unread");
  return found;
}
