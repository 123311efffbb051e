// What a product of the service offers to sign. Any field of it may be missing, or of another type.
import {
  type ImageReference,
  type ProductOperation,
  registriesOf,
  type StoredProduct,
  signingOperations,
} from "ocisign";
import { asText } from "../../shown/as-text.ts";
import { visibleText } from "../../shown/hidden-characters.ts";
import { lifeOf } from "../../shown/product-life.ts";
import { mismatch } from "../../shown/product-view.ts";
import type { Identity } from "../portal.ts";
import { groupsOf, shared } from "./groups.ts";
import { once } from "./once.ts";

export type Product = StoredProduct;

export type Operation = ProductOperation;

/** So much of a name fits into a list to choose from. */
const longestName = 80;

/** The operation that a request would name: the one that was chosen, or the only one. */
export function chosenOperation(product: Product | undefined, id: string | undefined) {
  // A page may place the element before the module is loaded.
  if (!product) return undefined;
  const operations = signingOperations(product);
  if (id) return operations.find((operation) => operation.id === id);
  return operations.length === 1 ? operations[0] : undefined;
}

/** Why nothing can be asked of a product, if that is so. */
export function hindrance(product: Product): "disabled" | "notReady" | "signsNoImages" | undefined {
  if (product.enabled === false) return "disabled";
  if (lifeOf(product)?.problem) return "notReady";
  return signingOperations(product).length === 0 ? "signsNoImages" : undefined;
}

/** The products that can be asked to sign an image. */
export function productsFor(products: readonly Product[], image: ImageReference) {
  return products.filter((product) => !hindrance(product) && mismatch(product, image) === undefined);
}

/** May a person with these groups ask for it? Undefined when that is not known. */
export function mayRequest(operation: Operation | undefined, person: Identity | undefined) {
  const allowed = operation?.approvalRule?.allowedGroups;
  const groups = groupsOf(person);
  if (!groups || !Array.isArray(allowed) || allowed.length === 0) return undefined;
  return shared(allowed.map(asText), groups).length > 0;
}

/** What something is called in a list to choose from. */
export function titleOf({ id, name }: { id?: unknown; name?: unknown }) {
  const title = asText(name).trim() || asText(id);
  return visibleText(title.length > longestName ? `${title.slice(0, longestName)}…` : title);
}

/** What products are called in one list: those of the same name are told apart by their ids. */
export const titlesOf: (products: readonly Product[]) => ReadonlyMap<Product, string> = once((products) => {
  const plain = new Map(products.map((product) => [product, titleOf(product)]));
  const times: Map<string, number> = new Map();
  for (const title of plain.values()) times.set(title, (times.get(title) ?? 0) + 1);
  const isRepeated = (title: string) => Number(times.get(title)) > 1;
  return new Map(
    [...plain].map(([product, title]) => [
      product,
      isRepeated(title) ? `${title} · ${titleOf({ id: product.id })}` : title,
    ]),
  );
});

/** Those that hold every word, in name, registry or id; and the one that is chosen. */
export function matching(products: readonly Product[], words: string, chosen: string | undefined) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return products.filter((product) => {
    const text = [product.name, ...registriesOf(product), product.id].map(asText).join(" ").toLowerCase();
    return product.id === chosen || wanted.every((word) => text.includes(word));
  });
}
