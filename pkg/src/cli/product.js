// Which product is meant: an id, or a name that only one has.
import leven from "leven";
import { fieldOf, listOf } from "./lenient.js";
import { Problem, usage } from "./problem.js";
import { visible } from "./visible.js";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @param {import("./session.js").Session} session @returns {Promise<import("../../index.js").Product>} */
export async function chosenProduct(session) {
  const { product } = session.settings;
  if (!product) {
    throw usage(
      "There is no product.",
      "Give --product, or set OCISIGN_PRODUCT; `ocisign products` lists them.",
    );
  }
  return findProduct(session, product.value);
}

/** @param {import("./session.js").Session} session @param {string} wanted */
export async function findProduct(session, wanted) {
  const { signal } = session;
  const client = await session.service();
  if (uuid.test(wanted)) return client.product(wanted, { signal });
  const products = await client.products({ signal });
  const byId = products.filter(({ id }) => id === wanted);
  const found = byId.length > 0 ? byId : products.filter(({ name }) => name === wanted);
  if (found.length === 1 && found[0].id) return client.product(found[0].id, { signal });
  if (found.length > 1) throw ambiguous(wanted, found);
  throw unknown(wanted, products);
}

/** @param {string} wanted @param {import("../../index.js").Product[]} found */
function ambiguous(wanted, found) {
  const ids = found.map(({ id }) => visible(id)).join(", ");
  const what = `${found.length} products are named "${visible(wanted)}".`;
  return new Problem("product-ambiguous", what, `Give the id of one: ${ids}.`);
}

/** @param {string} wanted @param {import("../../index.js").Product[]} products */
function unknown(wanted, products) {
  const names = products.flatMap(({ name }) => (typeof name === "string" ? name : []));
  const distance = (/** @type {string} */ name) => leven(name.toLowerCase(), wanted.toLowerCase());
  const [nearest] = names.toSorted((a, b) => distance(a) - distance(b));
  const near = nearest !== undefined && distance(nearest) <= Math.max(2, nearest.length / 3);
  const fix = near
    ? `Did you mean "${visible(nearest)}"?`
    : "`ocisign products` lists those that you may see.";
  return new Problem("product-unknown", `There is no product "${visible(wanted)}".`, fix);
}

/** The registry that a product signs for. @param {import("../../index.js").Product} product */
export function registryOf({ productConfigItems }) {
  const item = listOf(productConfigItems).find((it) => fieldOf(it, "name") === "RegistryURL");
  return fieldOf(item, "value");
}
