// What a product of the service lets one ask for. Any field of it may be missing, or of another type.
import { checkRegistry } from "ocisign";
import { asText } from "../text/as-text.ts";
import { visibleText } from "../text/hidden-characters.ts";
import { groupsOf, shared } from "./groups.js";
import { once } from "./once.js";

/** @typedef {import("ocisign").StoredProduct} Product @typedef {import("ocisign").ProductOperation} Operation */

/** How operations that sign images are spelt. */
const signsImages = /** @type {Set<unknown>} */ (new Set(["SignOCI", "SIGN_OCI"]));

/** So much of a name fits into a list to choose from. */
const longestName = 80;

/** @param {Product | undefined} product @returns {Operation[]} */
export function signingOperations(product) {
  return operationsOf(product).filter((operation) => signsImages.has(operation?.operationType));
}

/** The operation with an id, whatever it does. @param {Product | undefined} product @param {string} id */
export function operationOf(product, id) {
  return operationsOf(product).find((operation) => asText(operation?.id).toLowerCase() === id.toLowerCase());
}

/** @param {Product | undefined} product @returns {Operation[]} */
function operationsOf(product) {
  const all = product?.productOperations;
  return Array.isArray(all) ? all : [];
}

/** The operation that a request would name: the one that was chosen, or the only one. @param {Product | undefined} product @param {string | undefined} id */
export function chosenOperation(product, id) {
  const operations = signingOperations(product);
  if (id) return operations.find((operation) => operation.id === id);
  return operations.length === 1 ? operations[0] : undefined;
}

/** Why nothing can be asked of a product, if that is so. @param {Product} product @returns {"disabled" | "signsNoImages" | undefined} */
export function hindrance(product) {
  if (product.enabled === false) return "disabled";
  return signingOperations(product).length === 0 ? "signsNoImages" : undefined;
}

/** The registries that a product names; one, unless somebody made a mistake. @param {Product} product @returns {unknown[]} */
export function registriesOf(product) {
  const items = product.productConfigItems;
  if (!Array.isArray(items)) return [];
  return items.filter((item) => item?.name === "RegistryURL").map(({ value }) => value);
}

/** Why a product does not sign for an image's registry, if it does not. @param {Product} product @param {string | import("ocisign").ImageReference} image @returns {unknown} */
export function mismatch(product, image) {
  try {
    checkRegistry(image, product);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The products that can be asked to sign an image. @param {readonly Product[]} products @param {import("ocisign").ImageReference} image */
export function productsFor(products, image) {
  return products.filter((product) => !hindrance(product) && mismatch(product, image) === undefined);
}

/** May a person with these groups ask for it? Undefined when that is not known. @param {Operation | undefined} operation @param {import("../index.js").Identity | undefined} person */
export function mayRequest(operation, person) {
  const allowed = operation?.approvalRule?.allowedGroups;
  const groups = groupsOf(person);
  if (!groups || !Array.isArray(allowed) || allowed.length === 0) return undefined;
  return shared(allowed.map(asText), groups).length > 0;
}

/** What something is called in a list to choose from. @param {{ id?: unknown, name?: unknown }} thing */
export function titleOf({ id, name }) {
  const title = asText(name).trim() || asText(id);
  return visibleText(title.length > longestName ? `${title.slice(0, longestName)}…` : title);
}

/** What products are called in one list: those of the same name are told apart by their ids. @type {(products: readonly Product[]) => ReadonlyMap<Product, string>} */
export const titlesOf = once((products) => {
  const plain = new Map(products.map((product) => [product, titleOf(product)]));
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const title of plain.values()) times.set(title, (times.get(title) ?? 0) + 1);
  const isRepeated = (/** @type {string} */ title) => Number(times.get(title)) > 1;
  return new Map(
    [...plain].map(([product, title]) => [
      product,
      isRepeated(title) ? `${title} · ${titleOf({ id: product.id })}` : title,
    ]),
  );
});

/** Those that hold every word, in name, registry or id; and the one that is chosen. @param {readonly Product[]} products @param {string} words @param {string | undefined} chosen */
export function matching(products, words, chosen) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return products.filter((product) => {
    const text = [product.name, ...registriesOf(product), product.id].map(asText).join(" ").toLowerCase();
    return product.id === chosen || wanted.every((word) => text.includes(word));
  });
}
