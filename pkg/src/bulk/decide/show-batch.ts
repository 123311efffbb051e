// Puts together what people see of several requests and their products: what is alike, what differs, what cannot be
// approved, and the hash over all of it. Reading and deciding both come here, so that what is decided is what was shown.

import { toUtf8 } from "../../bytes.ts";
import { quote } from "../../core.ts";
import { digestIn, namesDigest } from "../../digest/form.ts";
import { fail, OcisignError } from "../../error.ts";
import { type Fields, isList, isRecord, isText } from "../../foreign.ts";
import { pathOfElement, pathOfField } from "../../path.ts";
import { liveParts, productChanges } from "../../service/binding.ts";
import type { Profile } from "../../service/profile.ts";
import { foldedId } from "../../service/same-id.ts";
import type { Signing } from "../../service/signing.ts";
import { isWithheld } from "../../service/withheld.ts";
import { mismatch, type ProductSeen } from "../../shown/product-view.ts";
import { type Refusal, refusalsOf } from "../../shown/refusals.ts";
import { type RequestView, viewOf } from "../../shown/request-view.ts";
import { keyFor } from "../../signature/product-key.ts";
import { Slices } from "../../slices.ts";
import { digestOf } from "../../strict/digest.ts";
import type {
  BatchProduct,
  BatchRefusal,
  BatchRequest,
  BatchValue,
  ShownBatch,
  UnreadRequest,
} from "./batch.ts";
import { canonicalJson } from "./canonical.ts";
import { inCommonCalmly, unusualIn } from "./in-common.ts";
import { pairOf } from "./same-product.ts";

/** What came of reading a product: it, or why not. */
export type ProductReading = Pick<BatchProduct, "id" | "product" | "error">;

/** What was read, by which all else follows. */
export interface BatchReadings {
  readonly batch: string | undefined;
  readonly signings: readonly Signing[];
  /** By id in lower case. */
  readonly products: ReadonlyMap<string, ProductReading>;
  readonly unread: readonly UnreadRequest[];
}

/** The form of what is hashed. Another form gets another name. */
const form = "ocisign-batch/1";
const hashEnd = 8;

export async function showBatch(readings: BatchReadings, profile: Profile): Promise<ShownBatch> {
  const { batch, unread } = readings;
  const signings = [...readings.signings].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
  const products = productsOf(signings, readings.products, profile);
  const slices = new Slices();
  const values = await slices.map(signings, (signing) => leavesOf(boundOf(signing)));
  const common = await inCommonCalmly(values, canonicalJson, slices);
  const requests = await slices.map(signings, (signing, at): BatchRequest => {
    const own = values[at] ?? new Map();
    const differs = unusualIn(own, common, canonicalJson).map((path) => ({ path, value: own.get(path) }));
    return {
      signing,
      differs,
      refusals: refusalsIn(seenOf(signing, profile), products.get(pairOf(signing))),
    };
  });
  const hash = await hashOf(signings, products, profile, slices);
  return {
    batch,
    requests,
    products: [...products.values()],
    same: [...common.same].map(([path, value]): BatchValue => ({ path, value })),
    differences: [...common.apart.values()].map(({ key, ...more }) => ({ path: key, ...more })),
    unread,
    hash,
    words: `${signings.length} ${hash.slice(-hashEnd)}`,
  };
}

/** Which image a digest is of, nobody computes here: such a request is decided about by itself. */
function seenOf(signing: Signing, { digests }: Profile): RequestView {
  const view = viewOf(signing);
  if (!namesDigest(signing, digests)) return view;
  const digest = { asked: digestIn(signing, digests), claimed: "", image: undefined, format: undefined };
  return { ...view, image: undefined, digest };
}

/** All of a request that a decision is bound to. */
function boundOf(signing: Signing): Fields {
  return Object.fromEntries(Object.entries(signing).filter(([part]) => !liveParts.includes(part)));
}

async function hashOf(
  signings: readonly Signing[],
  products: ReadonlyMap<string, BatchProduct>,
  profile: Profile,
  slices: Slices,
): Promise<string> {
  // Most requests have the same product.
  const facts = new Map([...products].map(([pair, shown]) => [pair, factsOf(shown, profile)]));
  const entries = await slices.map(signings, (signing) =>
    canonicalJson({ product: facts.get(pairOf(signing)) ?? null, request: boundOf(signing) }),
  );
  // The canonical JSON of `[form, entries]`, of which the entries took long.
  const digest = await digestOf(toUtf8(`[${canonicalJson(form)},[${entries.join(",")}]]`));
  return digest.slice(digest.indexOf(":") + 1);
}

/** What a decision is bound to of a product: all that tells it from a product of which nothing is known. */
function factsOf({ product, operationId }: BatchProduct, profile: Profile): Fields | undefined {
  if (!product) return undefined;
  const changes = productChanges({}, product, operationId, profile);
  return Object.fromEntries(changes.map(({ path, after }) => [path, after]));
}

/** Every value that has no parts, by its path. An empty list or object is one, too. */
function leavesOf(value: unknown, path = "", found = new Map<string, unknown>()): Map<string, unknown> {
  const parts = isList(value)
    ? value.map((part, index) => [pathOfElement(path, index), part] as const)
    : isRecord(value)
      ? Object.entries(value).map(([name, part]) => [pathOfField(path, name), part] as const)
      : [];
  if (parts.length === 0) found.set(path, value);
  for (const [at, part] of parts) leavesOf(part, at, found);
  return found;
}

function idOf({ id }: Signing): string {
  return foldedId(id);
}

/** The product of each request, by `pairOf`; none for a request that names none. */
function productsOf(
  signings: readonly Signing[],
  readings: BatchReadings["products"],
  profile: Profile,
): Map<string, BatchProduct> {
  const found = new Map<string, BatchProduct>();
  for (const signing of signings) {
    const { productId, idProductOperation } = signing;
    const reading = isText(productId) ? readings.get(foldedId(productId)) : undefined;
    if (!reading || found.has(pairOf(signing))) continue;
    const operationId = isText(idProductOperation) ? idProductOperation : undefined;
    found.set(pairOf(signing), { ...reading, operationId, ...keyIn(reading, operationId, profile) });
  }
  return found;
}

function keyIn(
  { id: productId, product, error: unread }: ProductReading,
  operation: string | undefined,
  profile: Profile,
): Pick<BatchProduct, "key" | "keyError"> {
  // Without a product, only a pinned key can be told; and nothing at all of one that an outage hides.
  if (!product && !isWithheld(unread)) return { key: undefined, keyError: undefined };
  try {
    const key = keyFor({ product, unread, productId, operation, profile });
    return { key, keyError: undefined };
  } catch (keyError) {
    if (keyError instanceof OcisignError) return { key: undefined, keyError };
    throw keyError;
  }
}

function refusalsIn(request: RequestView, shown: BatchProduct | undefined): BatchRefusal[] {
  const { productId } = request.signing;
  const unnamed: ProductSeen = productId ? { state: "failed", error: noProductId() } : { state: "none" };
  const seen: ProductSeen = shown
    ? { state: shown.product ? "read" : "failed", value: shown.product, error: shown.error }
    : unnamed;
  return refusalsOf(request, seen, shown?.keyError).map((refusal) => ({
    refusal,
    error: refusalError(refusal, request, shown),
  }));
}

/** A request names its product by something else than its id: it must not pass for one that names none. */
function noProductId(): Error {
  const fix = "Reject it, or report it to the service's operators.";
  return fail("bad-reply", "The request's product could not be read: its id is no text.", fix);
}

function refusalError(refusal: Refusal, request: RequestView, shown: BatchProduct | undefined): OcisignError {
  const why = whyRefused(refusal, request, shown);
  if (why instanceof OcisignError) return why;
  const which = quote(request.signing.id);
  if (request.digest) {
    const message = `The request ${which} is for the signature of a digest, which is decided about by itself.`;
    return fail("bad-reply", message, "Open it alone: there it is computed what it is of.") as OcisignError;
  }
  const message = `It is unclear which image the request ${which} is for.`;
  return fail("bad-reply", message, "Reject it, or report it to the service's operators.") as OcisignError;
}

function whyRefused(refusal: Refusal, { image }: RequestView, shown: BatchProduct | undefined): unknown {
  switch (refusal) {
    case "no-reference":
      return undefined;
    case "mismatch":
      return image && shown?.product && mismatch(shown.product, image);
    case "key-mismatch":
    case "bad-pin":
      return shown?.keyError;
    case "product-unread":
      return shown ? shown.error : noProductId();
  }
}
