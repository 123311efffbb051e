// Why a request cannot be approved, however long a person reads it: the same on the page and on the command line.
import { fieldOf } from "../foreign.ts";
import { isWithheld, mismatch, type ProductSeen } from "./product-view.ts";
import type { RequestView } from "./request-view.ts";

/**
 * - `no-reference`: the request does not name exactly one image.
 * - `mismatch`: the product does not sign for the image's registry.
 * - `key-mismatch`: the product shows another key than the one that is pinned.
 * - `product-unread`: the product could not be read this time. A person who may not read products approves without it.
 */
export type Refusal = "no-reference" | "mismatch" | "key-mismatch" | "product-unread";

/** @param keyProblem why the product's key was not found (`keyFor`), if it was not */
export function refusalsOf(request: RequestView, product: ProductSeen, keyProblem: unknown): Refusal[] {
  const found: Refusal[] = [];
  if (!request.image) found.push("no-reference");
  if (request.image && product.value && mismatch(product.value, request.image) !== undefined)
    found.push("mismatch");
  if (fieldOf(keyProblem, "code") === "key-mismatch") found.push("key-mismatch");
  if (product.state === "failed" && !isWithheld(product.error)) found.push("product-unread");
  return found;
}
