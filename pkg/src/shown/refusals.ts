// Why a request cannot be approved, however long a person reads it: the same on the page and on the command line.
import { fieldOf } from "../foreign.ts";
import { isWithheld } from "../service/withheld.ts";
import { mismatch, type ProductSeen } from "./product-view.ts";
import type { RequestView } from "./request-view.ts";

/**
 * - `no-reference`: the request does not name exactly one image.
 * - `mismatch`: the product does not sign for the image's registry.
 * - `key-mismatch`: the product shows another key than the one that is pinned.
 * - `bad-pin`: the key that is pinned for it is none, so nothing can be compared with it.
 * - `product-unread`: the product could not be read this time. A person who may not read products approves without it.
 */
export type Refusal = "no-reference" | "mismatch" | "key-mismatch" | "bad-pin" | "product-unread";

/** @param keyProblem why the product's key was not found (`keyFor`), if it was not */
export function refusalsOf(request: RequestView, product: ProductSeen, keyProblem: unknown): Refusal[] {
  const found: Refusal[] = [];
  if (!request.image) found.push("no-reference");
  if (request.image && product.value && mismatch(product.value, request.image) !== undefined)
    found.push("mismatch");
  const ofKey = refusalOfKey(keyProblem);
  if (ofKey) found.push(ofKey);
  if (product.state === "failed" && !isWithheld(product.error)) found.push("product-unread");
  return found;
}

/** Does what is wrong with a key speak against approving? A key that is only missing does not. */
export function refusalOfKey(problem: unknown): "key-mismatch" | "bad-pin" | undefined {
  const code = fieldOf(problem, "code");
  if (code === "key-mismatch") return code;
  return code === "bad-profile" ? "bad-pin" : undefined;
}
