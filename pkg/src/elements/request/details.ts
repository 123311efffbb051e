// What a request says beside its image.

import { type ImageReference, parseReference, type RequestByIds, type RequestByProduct } from "ocisign";
import { batchEntry } from "../../bulk/batch-mark.ts";
import type { Product } from "../model/offer.ts";

/** Metadata; the key tells rows apart while they are edited. */
export type Row = { key: number; name: string; value: string };

export interface Details {
  name: string;
  description: string;
  payloadName: string;
  metadata: readonly Row[];
}

export const noDetails: Details = { name: "", description: "", payloadName: "", metadata: [] };

/** What is requested of: a product that was read, or the ids of one that the person may not see. */
export interface Target {
  readonly product: Product | undefined;
  readonly productId: string;
  readonly operationId: string | undefined;
}

/**
 * The request, as `buildSigningRequest` and the client take it.
 *
 * @param batch of the sending that it belongs to, so that approvers find all of its requests together
 */
export function inputOf(
  { product, productId, operationId }: Target,
  { name, description, payloadName, metadata }: Details,
  artifact: string | ImageReference,
  batch?: string,
): RequestByProduct | RequestByIds {
  const ofProduct = product
    ? // As it was read: the request has to be the one that was shown, even if the product changes meanwhile.
      { product, ...(operationId && { operationId }) }
    : { productId, operationId: operationId ?? "" };
  return {
    ...ofProduct,
    artifact,
    // A list of requests that all have the package's default name says nothing.
    name: name.trim() ? name : repositoryOf(artifact),
    // The package has defaults for the others that are left empty.
    ...(description.trim() && { description }),
    ...(payloadName.trim() && { payloadName }),
    metadata: metadataOf(metadata, batch),
  };
}

function repositoryOf(artifact: string | ImageReference) {
  return (typeof artifact === "string" ? parseReference(artifact) : artifact).repository;
}

function metadataOf(rows: readonly Row[], batch: string | undefined) {
  const own = rows.filter((row) => !isEmpty(row)).map(({ name, value }) => ({ name, value }));
  // Two batches of one request would be none.
  if (batch === undefined || own.some(({ name }) => name === batchEntry)) return own;
  return [...own, { name: batchEntry, value: batch }];
}

/** The batch that the person names. */
export function batchIn({ metadata }: Details): string | undefined {
  return metadata.find(({ name }) => name === batchEntry)?.value;
}

/** Is a row of metadata odd? */
export function oddity(rows: readonly Row[], row: Row): "nameless" | "repeated" | undefined {
  if (isEmpty(row)) return undefined;
  const name = row.name.trim();
  if (name === "") return "nameless";
  return rows.some((other) => other.key !== row.key && other.name.trim() === name) ? "repeated" : undefined;
}

function isEmpty({ name, value }: Row) {
  return name.trim() === "" && value.trim() === "";
}
