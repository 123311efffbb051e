// Can it be sent as it stands? If not, what is in the way, and which field is it about?

import { buildSigningRequest, type SigningRequestBody, signingOperations } from "ocisign";
import { wordsOf } from "../model/errors.ts";
import { chosenOperation, hindrance, type Product } from "../model/offer.ts";
import { strings } from "../strings/index.ts";
import { type Details, inputOf, oddity } from "./details.ts";
import type { Images } from "./images.ts";

/** As it stands. */
export interface Form {
  product: Product | undefined;
  productId: string | undefined;
  operationId: string | undefined;
  /** The service lists no products to the person, who names one by its ids. */
  isByIds: boolean;
  images: Images;
  details: Details;
  /** Of the next sending of a list. */
  batch: string | undefined;
  /** The person wants the right lines sent, though others are wrong. */
  keepsGoing: boolean;
  /** Images of a list that the person leaves out, since they wait or are signed already. */
  left: ReadonlySet<string>;
}

export type Field =
  | "product"
  | "operation"
  | "product-id"
  | "operation-id"
  | "artifact"
  | "take-digest"
  | "metadata"
  | "description";

export interface Readiness {
  /** What would be sent, for the first image of a list. */
  body?: SigningRequestBody;
  obstacle?: { field: Field; text: string };
}

export function readinessOf(form: Form): Readiness {
  const { product, productId = "", operationId, images, details, batch, left } = form;
  const artifact = artifactOf(images, left);
  const obstacle = obstacleOfProduct(form) ?? obstacleOfRest(form);
  if (obstacle || !artifact) return { obstacle };
  try {
    return {
      body: buildSigningRequest(inputOf({ product, productId, operationId }, details, artifact, batch)),
    };
  } catch (error) {
    return { obstacle: { field: "description", text: wordsOf(error).message } };
  }
}

function artifactOf(images: Images, left: ReadonlySet<string>) {
  if (images.kind === "one") return images.reference;
  if (images.kind === "none") return undefined;
  return images.ready.find(({ canonical }) => !left.has(canonical))?.canonical;
}

// What can be said before a body is built, from the top of the form downward.

function obstacleOfProduct({ product, productId, operationId, isByIds }: Form): Readiness["obstacle"] {
  const { obstacles } = strings.request;
  if (isByIds) {
    const missing = productId ? "operation-id" : "product-id";
    return productId && operationId ? undefined : { field: missing, text: obstacles.ids };
  }
  if (!product) return { field: "product", text: obstacles.product };
  const hindered = hindrance(product);
  if (hindered) return { field: "product", text: obstacles[hindered] };
  if (!chosenOperation(product, operationId)) {
    return {
      field: signingOperations(product).length > 1 ? "operation" : "product",
      text: obstacles.operation,
    };
  }
  return undefined;
}

function obstacleOfRest({ images, details, keepsGoing, left }: Form): Readiness["obstacle"] {
  const { obstacles } = strings.request;
  if (images.kind === "none") return { field: "artifact", text: obstacles.image };
  if (images.kind === "one" && images.error) return { field: "artifact", text: obstacles.wrongImage };
  if (images.kind === "one" && images.mismatch)
    return { field: "artifact", text: wordsOf(images.mismatch).message };
  if (images.kind === "one" && images.tagged) return { field: "take-digest", text: obstacles.tag };
  if (images.kind === "many" && images.ready.length === 0)
    return { field: "artifact", text: obstacles.noLine };
  if (images.kind === "many" && images.wrong.length > 0 && !keepsGoing)
    return { field: "artifact", text: obstacles.wrongLines(images.wrong.length) };
  if (images.kind === "many" && artifactOf(images, left) === undefined)
    return { field: "artifact", text: obstacles.allLeft };
  const rows = details.metadata;
  if (rows.some((row) => oddity(rows, row) === "nameless"))
    return { field: "metadata", text: obstacles.nameless };
  return undefined;
}
