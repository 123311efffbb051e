// A product that has one operation for images and one for digests.
import { productFor } from "./sandbox.js";

/**
 * @param {import("../../demo/sandbox.js").Sandbox} sandbox @param {Partial<import("ocisign").ProductInput>} [changes]
 * @param {string} [keyType] of the operation for digests
 */
export function digestProductFor(sandbox, changes, keyType = "secp256r1") {
  const product = productFor(sandbox, changes);
  const [images] = product.productOperations;
  const token = { ...images.token, name: "Key for digests", keyType };
  const digests = { ...images, name: "digests", operationType: "DigestSigning", token };
  // The type of a definition knows the reference's one operation.
  return /** @type {import("ocisign").ProductDefinition} */ (
    /** @type {unknown} */ ({ ...product, productOperations: [images, digests] })
  );
}
