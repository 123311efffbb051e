// What whoever shows several requests together has to find in them: the product of each, what hides something, and those
// for the same image.
import type { BatchProduct, ShownBatch } from "ocisign";
import { pairOf } from "../bulk/decide/same-product.ts";
import { type Kind, pieces } from "./hidden-characters.ts";
import type { RequestView } from "./request-view.ts";

/** The product that a request names, for the operation that it names: as the library finds it, whatever the fields are. */
export function productIn(
  { products }: Pick<ShownBatch, "products">,
  signing: RequestView["signing"],
): BatchProduct | undefined {
  const pair = pairOf(signing);
  return products.find(
    ({ id, operationId }) => pairOf({ productId: id, idProductOperation: operationId }) === pair,
  );
}

/** Does a text hide anything? A line break of a text in a language does not: it is drawn as one. */
export function isHiding(text: string, kind: Kind): boolean {
  if (/^[!-~]*(?: [!-~]+)*$/.test(text)) return false;
  const isBreak = (code: number) => kind === "prose" && (code === 0x0a || code === 0x0d);
  return pieces(text, kind).some((piece) => piece.kind !== "plain" && !isBreak(piece.code));
}

/** The images that several of the requests are for, each with the places of these, from 0. */
export function repeatedImages(views: readonly RequestView[]): [image: string, places: number[]][] {
  const places = new Map<string, number[]>();
  for (const [at, { image }] of views.entries()) {
    if (image) places.set(image.canonical, [...(places.get(image.canonical) ?? []), at]);
  }
  return [...places].filter(([, of]) => of.length > 1);
}
