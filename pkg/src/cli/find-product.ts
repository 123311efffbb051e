// Which product is meant: an id, or a name that only one product has.

import type { StoredProduct } from "ocisign";
import { nearest } from "../nearest.ts";
import { visible } from "../shown/visible.ts";
import { Problem, usage } from "./problem.ts";
import type { Session } from "./session.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The product of the settings. */
export async function chosenProduct(session: Session): Promise<StoredProduct> {
  const { product } = session.settings;
  if (product) return findProduct(session, product.value);
  throw usage(
    "No product is given: neither --product nor OCISIGN_PRODUCT is set.",
    "Give --product with an id or a name, or set OCISIGN_PRODUCT; `ocisign products` lists the products.",
  );
}

export async function findProduct(session: Session, wanted: string): Promise<StoredProduct> {
  const { signal } = session;
  const client = await session.service();
  if (uuid.test(wanted)) return client.product(wanted, { signal });
  const products = await client.products({ signal });
  const byId = products.filter(({ id }) => id === wanted);
  const [found, ...others] = byId.length > 0 ? byId : products.filter(({ name }) => name === wanted);
  if (!found) throw unknown(wanted, products);
  if (others.length > 0) throw ambiguous(wanted, [found, ...others]);
  return client.product(found.id, { signal });
}

function ambiguous(wanted: string, found: readonly StoredProduct[]): Problem {
  const ids = found.map(({ id }) => visible(id)).join(", ");
  const what = `${found.length} products are named "${visible(wanted)}".`;
  return new Problem("product-ambiguous", what, `Give the id of one: ${ids}.`);
}

function unknown(wanted: string, products: readonly StoredProduct[]): Problem {
  // A service may write anything into a name.
  const names = products.flatMap(({ name }) => (typeof name === "string" ? name : []));
  const near = nearest(wanted, names, (name) => Math.max(2, name.length / 3));
  const fix =
    near === undefined
      ? "Choose one of those that `ocisign products` lists."
      : `Did you mean "${visible(near)}"?`;
  // What is near to a name is no secret.
  const what = near === undefined ? "There is no such product." : `There is no product "${visible(wanted)}".`;
  return new Problem("product-unknown", what, fix);
}
