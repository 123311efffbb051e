// The keys that a product shows.
import { publicKey } from "ocisign";
import { codeOf } from "../base.js";
import { asText } from "../text/as-text.js";
import { visibleText } from "../text/hidden-characters.js";

/**
 * @typedef {import("ocisign").StoredProduct} StoredProduct
 * @typedef {{ id: string, name: string, key: import("ocisign").PublicKey }} OperationWithKey
 */

/** As much of a name as an option has room for. */
const longestName = 100;

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
  for (const { id, name } of product.productOperations ?? []) {
    if (typeof id !== "string") continue;
    try {
      operations.push({ id, name: shortName(name, id), key: publicKey(product, id, profile) });
    } catch (error) {
      // Whatever signs something else is not ours.
      if (codeOf(error) !== "operation-missing") problem = error;
    }
  }
  return { operations, problem: operations.length > 0 ? undefined : problem };
}

/**
 * Products as options: those whose name or id holds the words, and the chosen one in any case.
 *
 * @param {readonly StoredProduct[]} products @param {string} words @param {string} chosen
 */
export function productOptions(products, words, chosen) {
  const wanted = words.trim().toLowerCase();
  const names = products.map(({ id, name }) => shortName(name, id));
  return products
    .map(({ id }, index) => {
      const isUnique = names.indexOf(names[index]) === names.lastIndexOf(names[index]);
      return { id, label: isUnique ? names[index] : `${names[index]} · ${visibleText(id, "exact")}` };
    })
    .filter(({ id, label }) => id === chosen || `${label} ${id}`.toLowerCase().includes(wanted));
}

/** @param {unknown} name @param {string} id */
function shortName(name, id) {
  const text = asText(name) || id;
  return visibleText(text.length > longestName ? `${text.slice(0, longestName)}…` : text);
}
