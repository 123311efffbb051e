// Does a product sign for an image's registry?
import { checkDomain } from "../core.ts";
import { asReference } from "../image/read.ts";
import type { ImageReference } from "../image/reference.ts";
import type { Product } from "./product.ts";

/**
 * The domain rule of the reference ("The domain the artifact uri must match"): the image's registry must be the
 * product's `RegistryURL`: whole, with its port, without regard to case.
 *
 * @throws {OcisignError} `registry-mismatch`; `product-registry` when the product has no usable one, or two; as
 *   {@link parseReference}.
 * @example
 * ```js
 * import { checkRegistry } from "ocisign";
 *
 * checkRegistry(image, product); // throws when the product does not sign for the image's registry
 * ```
 */
export function checkRegistry(reference: string | ImageReference, product: Product): void {
  checkDomain(asReference(reference).registry, product);
}
