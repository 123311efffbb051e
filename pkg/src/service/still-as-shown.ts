// What comes before a decision: a look whether the request is still what was shown. What changed or closed meanwhile is
// not decided about. A browser loads this with the first decision that is bound to something.
import { boundParts, harmless } from "../core.ts";
import { changesForRequest } from "../digest/operation.ts";
import { fail } from "../error.ts";
import { type Fields, isRecord, isText } from "../foreign.ts";
import { boundIn, changesIn, productChanges } from "./binding.ts";
import type { StoredProduct } from "./product.ts";
import type { Profile } from "./profile.ts";
import { isSameId } from "./same-id.ts";
import type { Signing } from "./signing.ts";

/** What a look needs of its client. */
export interface Looks {
  readonly profile: Profile;
  /** The request that is decided about. */
  readonly signing: () => Promise<Signing>;
  readonly product: (id: string) => Promise<StoredProduct>;
}

/**
 * Looks once more. The service compares the request again; only the client can compare the product.
 *
 * @param expect the request as it was shown
 * @param expectProduct the product as it was shown beside it, if it was
 * @param notDone what did not happen, for a fix
 * @returns what the decision is bound to
 */
export async function stillAsShown(
  id: string,
  expect: unknown,
  expectProduct: unknown,
  notDone: string,
  looks: Looks,
): Promise<Fields> {
  const seen = shownRequest(id, expect);
  const product = expectProduct === undefined ? undefined : shownProduct(seen, expectProduct);
  const [now, productNow] = await Promise.all([looks.signing(), product && looks.product(product.id)]);
  checkUnchanged(seen, now, notDone);
  if (product && productNow) checkSameProduct(product, productNow, seen, looks.profile, notDone);
  if (!now.final) return boundPartsOf(seen);
  const message = `The request is closed: ${now.state}. ${notDone}`;
  throw fail("conflict", message, "Read it again to see what was decided.");
}

/** A request as it was shown, of which at least id and payload have to be known. */
function shownRequest(id: string, shown: unknown): Fields {
  const fix = "Pass the signing request as it was read and shown.";
  if (!isRecord(shown) || !isText(shown.id) || !isSameId(shown.id, id)) {
    throw fail("bad-input", "expect is not the request that is decided about.", fix);
  }
  if (isRecord(shown.payload)) return shown;
  throw fail("bad-input", "expect has no payload: what would be signed was not shown.", fix);
}

/** The product that was shown beside a request. */
function shownProduct(request: Fields, shown: unknown): StoredProduct {
  // Every field but the id may be missing, or of another type, as in a reply.
  if (isProductOf(request, shown)) return shown;
  const fix = "Pass the product of the request as it was read and shown, or leave it out.";
  throw fail("bad-input", "expectProduct is not the product of the request.", fix);
}

function isProductOf({ productId }: Fields, shown: unknown): shown is StoredProduct {
  return isRecord(shown) && isText(shown.id) && isText(productId) && isSameId(shown.id, productId);
}

/** Its bound parts, which the service compares once more when it takes the decision. */
function boundPartsOf(shown: Fields): Fields {
  const known = boundParts().filter((part) => shown[part] !== undefined);
  return Object.fromEntries(known.map((part) => [part, shown[part]]));
}

/** Compares the request that was shown with what the service holds now. @param notDone what did not happen, for the fix */
function checkUnchanged(shown: Fields, now: Signing, notDone: string): void {
  // A reading always has a status. A caller who passes less has shown less, and decides about that.
  const parts = shown.status === undefined ? boundIn(shown) : boundIn(shown, now);
  const changed = parts.filter((part) => changesIn([part], shown, now).length > 0);
  // A reading of a list may have fewer fields than one of the request itself.
  const named = changed.map((part) =>
    shown[part] === undefined ? `${quoted(part)} (was not shown)` : quoted(part),
  );
  checkNone(named, "request", notDone);
}

/** The same of the product that was shown beside it. */
function checkSameProduct(
  shown: StoredProduct,
  now: StoredProduct,
  { idProductOperation }: Fields,
  profile: Profile,
  notDone: string,
): void {
  const operationId = isText(idProductOperation) ? idProductOperation : undefined;
  const changes = changesForRequest(productChanges, shown, now, operationId, profile);
  checkNone(
    changes.map(({ path }) => quoted(path.replace("product.", ""))),
    "product",
    notDone,
  );
}

function checkNone(changed: readonly string[], what: "request" | "product", notDone: string): void {
  if (changed.length === 0) return;
  const named = changed.slice(0, mostNamed);
  const more = changed.length > mostNamed ? ` and ${changed.length - mostNamed} more` : "";
  const message = `The ${what} changed since it was shown: ${named.join(", ")}${more}.`;
  throw fail("changed", message, `${notDone} Read the ${what} again, show it, and decide again.`);
}

const mostNamed = 10;

/** A service chooses the names of its fields. */
function quoted(path: string): string {
  return /^[\w.[\]]{1,80}$/.test(path) ? path : `\`${harmless(path)}\``;
}
