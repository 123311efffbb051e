// The keys that a product shows.

import { publicKey } from "ocisign";
import { codeOf } from "../model/errors.js";
import { signingOperations, titleOf } from "../model/product.js";

/**
 * @typedef {import("ocisign").StoredProduct} StoredProduct
 * @typedef {{ id: string, name: string, key: import("ocisign").PublicKey }} OperationWithKey
 */

/**
 * The operation of a product that signs images, with its key; several if the product has several.
 *
 * @param {StoredProduct} product @param {import("ocisign").Profile} profile
 * @returns {{ operations: OperationWithKey[], problem?: unknown }}
 */
export function keysOfProduct(product, profile) {
  try {
    return { operations: [{ id: "", name: "", key: publicKey(product, undefined, profile) }] };
  } catch (problem) {
    if (codeOf(problem) !== "operation-ambiguous") return { operations: [], problem };
  }
  /** @type {OperationWithKey[]} */
  const operations = [];
  /** @type {unknown} */
  let problem;
  for (const operation of signingOperations(product)) {
    const { id } = operation;
    if (typeof id !== "string") continue;
    try {
      operations.push({ id, name: titleOf(operation), key: publicKey(product, id, profile) });
    } catch (error) {
      problem = error;
    }
  }
  return { operations, problem: operations.length > 0 ? undefined : problem };
}
