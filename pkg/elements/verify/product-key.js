// The keys that a product shows.

import { publicKey } from "ocisign";
import { codeOf } from "../model/errors.js";
import { matching, signingOperations, titleOf } from "../model/product.js";
import { visibleText } from "../text/hidden-characters.js";

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

/**
 * Products as options: those that hold the words, and the chosen one. Those with the same name are told apart by their
 * ids.
 *
 * @param {readonly StoredProduct[]} products @param {string} words @param {string} chosen
 */
export function productOptions(products, words, chosen) {
  const titles = new Map(products.map((product) => [product, titleOf(product)]));
  const times = new Map();
  for (const title of titles.values()) times.set(title, (times.get(title) ?? 0) + 1);
  return matching(products, words, chosen).map((product) => {
    const title = titles.get(product);
    const label = times.get(title) > 1 ? `${title} · ${visibleText(product.id, "exact")}` : title;
    return { id: product.id, label };
  });
}
