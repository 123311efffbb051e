// The image of a request, as it would be signed.
import { decodeArtifactUri, parseReference } from "ocisign";
import { asText } from "../text/as-text.ts";

/**
 * @typedef {object} Artifact
 * @property {string} encoded base64, as the service sent it
 * @property {string} text what it decodes to; empty when it cannot be read
 * @property {import("ocisign").ImageReference} [reference] only of an image that could be signed
 * @property {import("ocisign").OcisignError | "none" | "several"} [problem] why there is no reference
 */

/** @param {import("ocisign").Signing} signing @returns {Artifact} */
export function artifactOf(signing) {
  /** @type {unknown} */
  const given = signing.payload?.optionalParameters;
  const parameters = Array.isArray(given) ? given : [];
  const encoded = asText(parameters[0]?.artifactURI);
  if (parameters.length > 1) return { encoded: asText(parameters), text: "", problem: "several" };
  if (encoded === "") return { encoded, text: "", problem: "none" };
  let text = "";
  try {
    text = decodeArtifactUri(encoded);
    return { encoded, text, reference: parseReference(text) };
  } catch (error) {
    return { encoded, text, problem: /** @type {import("ocisign").OcisignError} */ (error) };
  }
}
