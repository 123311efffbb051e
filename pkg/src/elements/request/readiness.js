// Can it be sent as it stands? If not, what is in the way, and which field is it about?

import { buildSigningRequest } from "ocisign";
import { wordsOf } from "../model/errors.js";
import { chosenOperation, hindrance, signingOperations } from "../model/product.js";
import { strings } from "../strings/index.ts";
import { inputOf, oddity } from "./details.js";

/**
 * @typedef {object} Form as it stands
 * @property {import("../model/product.js").Product | undefined} product
 * @property {string | undefined} operationId
 * @property {import("./images.js").Images} images
 * @property {import("./details.js").Details} details
 *
 * @typedef {"product" | "operation" | "artifact" | "metadata" | "description"} Field
 *
 * @typedef {object} Readiness
 * @property {import("ocisign").SigningRequestBody} [body] what would be sent, for the first image of a list
 * @property {{ field: Field, text: string }} [obstacle]
 */

/** @param {Form} form @returns {Readiness} */
export function readinessOf(form) {
  const { product, operationId, images, details } = form;
  const artifact = artifactOf(images);
  const obstacle = obstacleBefore(form);
  if (obstacle || !product || !artifact) return { obstacle };
  try {
    return { body: buildSigningRequest(inputOf(product, operationId, details, artifact)) };
  } catch (error) {
    return { obstacle: { field: "description", text: wordsOf(error).message } };
  }
}

/** @param {import("./images.js").Images} images */
function artifactOf(images) {
  if (images.kind === "one") return images.reference;
  return images.kind === "many" ? images.ready[0]?.canonical : undefined;
}

/** What can be said before a body is built, from the top of the form downward. @param {Form} form @returns {Readiness["obstacle"]} */
function obstacleBefore({ product, operationId, images, details }) {
  const { obstacles } = strings.request;
  if (!product) return { field: "product", text: obstacles.product };
  const hindered = hindrance(product);
  if (hindered) return { field: "product", text: obstacles[hindered] };
  if (!chosenOperation(product, operationId)) {
    return {
      field: signingOperations(product).length > 1 ? "operation" : "product",
      text: obstacles.operation,
    };
  }
  if (images.kind === "none") return { field: "artifact", text: obstacles.image };
  if (images.kind === "one" && images.error) return { field: "artifact", text: obstacles.wrongImage };
  if (images.kind === "one" && images.mismatch)
    return { field: "artifact", text: wordsOf(images.mismatch).message };
  if (images.kind === "many" && images.ready.length === 0)
    return { field: "artifact", text: obstacles.noLine };
  const rows = details.metadata;
  if (rows.some((row) => oddity(rows, row) === "nameless"))
    return { field: "metadata", text: obstacles.nameless };
  return undefined;
}
