// The image of a command line, and the image of a request.
import { decodeArtifactUri, parseReference } from "../../node.js";
import { pointer } from "./failure.js";
import { usage } from "./problem.js";

/** @param {string} text @returns {import("../../index.js").ImageReference} */
export function readImage(text) {
  try {
    return parseReference(text);
  } catch (/** @type {any} */ error) {
    throw usage(error.message, error.fix, pointer(error, text));
  }
}

/** An image as the reference client is given it: base64, perhaps with a line break, perhaps without padding. @param {string} encoded */
export function readArtifactUri(encoded) {
  try {
    return readImage(decodeArtifactUri(encoded));
  } catch (/** @type {any} */ error) {
    if (error.code === "usage") throw error;
    throw usage(`-A: ${error.message}`, error.fix, pointer(error, encoded));
  }
}

/**
 * What a request is for. Whatever cannot be read as one image has a problem instead.
 *
 * @param {import("../../index.js").Signing} signing
 * @returns {{ text: string, image?: import("../../index.js").ImageReference, problem?: string }}
 */
export function artifactOf({ payload }) {
  // Read strictly: this is what will be approved.
  const given = payload?.optionalParameters;
  const parameters = Array.isArray(given) ? given : [];
  if (parameters.length > 1) {
    return { text: "(several)", problem: "The request names more than one image." };
  }
  const encoded = parameters[0]?.artifactURI;
  if (typeof encoded !== "string") {
    return { text: "(none)", problem: "The service does not say which image the request is for." };
  }
  try {
    const text = decodeArtifactUri(encoded);
    try {
      return { text, image: parseReference(text) };
    } catch (/** @type {any} */ error) {
      return { text, problem: error.message };
    }
  } catch (/** @type {any} */ error) {
    return { text: encoded, problem: error.message };
  }
}
