// A product, or why this person may not read it: reading products is a right of its own.

import type { OcisignError, Product, ProductOperation, RequestedSigning, StoredProduct } from "ocisign";
import { isText } from "../foreign.ts";
import { isSameId } from "../service/same-id.ts";
import { visible } from "../shown/visible.ts";
import { chosenProduct, findProduct } from "./find-product.ts";
import { libraryError } from "./library-error.ts";
import { flag } from "./options.ts";
import { Problem, usage } from "./problem.ts";
import type { Session } from "./session.ts";

/** A product that was read, or one that is withheld: then only what the user named is known of it. */
export interface ProductSeen {
  readonly product: StoredProduct | undefined;
  /** Why it was not read. */
  readonly unread: OcisignError | undefined;
  /** Its id. */
  readonly productId: string;
}

/** The product that is wanted, or that of the settings. What else goes wrong than that it is withheld, is thrown. */
export async function seenProduct(
  session: Session,
  wanted = session.settings.product?.value,
): Promise<ProductSeen> {
  try {
    const product = await (wanted === undefined ? chosenProduct(session) : findProduct(session, wanted));
    return { product, unread: undefined, productId: product.id };
  } catch (unread) {
    const { OcisignError } = await import("ocisign");
    const { isWithheld } = await import("../service/withheld.ts");
    if (!(unread instanceof OcisignError) || !isWithheld(unread) || wanted === undefined) throw unread;
    return { product: undefined, unread, productId: wanted };
  }
}

/** The operation that is wanted, by its id or its name, or the only one. */
export async function operationIn(
  product: Product,
  wanted: string | undefined,
): Promise<ProductOperation | undefined> {
  const { signingOperations } = await import("ocisign");
  const all = signingOperations(product);
  if (wanted === undefined) return all.length === 1 ? all[0] : undefined;
  const byId = all.find(({ id }) => isText(id) && isSameId(id, wanted));
  return byId ?? all.find(({ name }) => name === wanted);
}

/** The consent to request what nothing here can check. */
export const unreadProduct = flag("--unread-product", "request though you may not read the product (403)");

/**
 * The product of a request. One that this person may not read, only with consent and an operation: nothing here can
 * check such a request, and the user is told so.
 */
export async function productToRequest(
  session: Session,
  wanted: string | undefined,
  operation: string | undefined,
  mayBeUnread: boolean,
): Promise<ProductSeen> {
  if (mayBeUnread && (wanted === undefined || operation === undefined)) {
    const missing = wanted === undefined ? "--product" : "--operation";
    const what = `--unread-product needs the ids of the product and its operation; ${missing} is missing.`;
    throw usage(what, `Give ${missing} ID, or leave --unread-product out.`);
  }
  const seen = await seenProduct(session, wanted);
  const { product, unread } = seen;
  if (product) await sayLife(session, product);
  if (!unread) return seen;
  const { code, message, fix } = libraryError(unread) ?? {};
  if (code !== "forbidden") throw unread;
  if (!mayBeUnread) {
    const other = "To request without reading the product: --unread-product --product ID --operation ID.";
    throw new Problem(code, String(message), `${fix} ${other}`, { cause: unread });
  }
  session.output.note(`warning: ${visible(uncheckedText(unread))}`);
  return seen;
}

/** What is said of a request whose product was not read. */
export function uncheckedText({ message }: OcisignError): string {
  const what =
    "The registry rule, the product's state and the operation were not checked here; the service checks them.";
  return `${message} ${what}`;
}

/** The same for a program, beside the request. */
export function uncheckedOf({ unchecked }: RequestedSigning): {
  unchecked?: { code: string; message: string };
} {
  return unchecked ? { unchecked: { code: unchecked.code, message: uncheckedText(unchecked) } } : {};
}

/** The library refuses a product that is known not to be ready. */
async function sayLife({ output }: Session, product: Product): Promise<void> {
  const { lifeOf } = await import("../shown/product-life.ts");
  const life = lifeOf(product);
  if (!life?.isUnknown) return;
  output.note(`warning: The product's state is "${visible(life.text)}", which is not known here.`);
}
