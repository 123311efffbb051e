// What an approver sees of a request's product: its name, state, registries, operation and key.

import type { Product, Profile, Signing } from "ocisign";
import type { ProductSeen } from "../shown/product-view.ts";
import type { RequestView } from "../shown/request-view.ts";
import type { FoundKey } from "../signature/key-rule.ts";
import { sourceText } from "./key-text.ts";
import { libraryError } from "./library-error.ts";
import type { Session } from "./session.ts";
import type { Row } from "./shown.ts";

/** The product of a request, as an approver is shown it. */
export async function readProduct(session: Session, { productId }: Signing): Promise<ProductSeen> {
  if (!productId) return { state: "none" };
  const client = await session.service();
  try {
    return { state: "read", value: await client.product(productId, { signal: session.signal }) };
  } catch (error) {
    if (!libraryError(error) || session.signal.aborted) throw error;
    return { state: "failed", error };
  }
}

/** The product's key, or why it is not known. */
export interface KeySeen {
  readonly found?: FoundKey;
  readonly problem?: unknown;
}

export async function keySeen(
  { productId, idProductOperation: operation }: Signing,
  { value: product, error: unread }: ProductSeen,
  profile: Profile,
): Promise<KeySeen> {
  const { isWithheld } = await import("../service/withheld.ts");
  if (!product && !isWithheld(unread)) return {};
  const { keyFor } = await import("../shown/product-key.ts");
  try {
    const { asForRequest } = await import("../digest/operation.ts");
    const its = product && asForRequest(product, operation);
    return { found: keyFor({ product: its, unread, productId, operation, profile }) };
  } catch (problem) {
    if (!libraryError(problem)) throw problem;
    return { problem };
  }
}

/** What an approval is bound to of the product. */
export async function productRows(
  { signing, image }: RequestView,
  { state, value, error }: ProductSeen,
  key: KeySeen,
): Promise<Row[]> {
  if (state === "failed") {
    return [["product name", `(not readable: ${libraryError(error)?.message})`], ...keyRows(key, true)];
  }
  if (!value) return [];
  const { registriesOf } = await import("ocisign");
  const { mismatch, operationOf } = await import("../shown/product-view.ts");
  const wrong = image && libraryError(mismatch(value, image));
  return [
    ["product name", value.name],
    ["warning", value.enabled === false ? "The product is disabled." : undefined],
    ...(await lifeRows(value)),
    ...registriesOf(value).map((registry): Row => ["registry", registry, "exact"]),
    ["problem", wrong?.message],
    ["operation name", operationOf(value, signing.idProductOperation)?.name],
    ...keyRows(key, false),
  ];
}

/** @param isUnread then only a pinned key is worth a line */
function keyRows({ found, problem }: KeySeen, isUnread: boolean): Row[] {
  if (found) {
    const { keyType, fingerprint } = found.key;
    const rows: Row[] = [["key", `${keyType} ${fingerprint}`, "exact"]];
    return found.pin ? [...rows, ["key is", sourceText(found)]] : rows;
  }
  const unread = libraryError(problem);
  if (!unread || (isUnread && unread.code !== "key-mismatch")) return [];
  return [["key", `(not readable: ${unread.message})`]];
}

async function lifeRows(product: Product): Promise<Row[]> {
  const { lifeOf } = await import("../shown/product-life.ts");
  const { text, problem } = lifeOf(product) ?? {};
  return [
    ["product state", text],
    ["warning", problem && "The product is not ready to sign."],
  ];
}
