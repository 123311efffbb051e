// The image of a request, as it will be signed.
import { decodeArtifactUri, parseReference } from "ocisign";

/** The base64, what it decodes to, and what is wrong with it, if anything. */
export function artifactOf(signing) {
  const parameters = signing.payload?.optionalParameters ?? [];
  const encoded = parameters[0]?.artifactURI;
  if (parameters.length > 1) {
    return { encoded: "", text: "(several artifacts)", problem: "The request names more than one image." };
  }
  if (typeof encoded !== "string")
    return { encoded: "", text: "(no artifact)", problem: "The request names no image." };
  try {
    const text = decodeArtifactUri(encoded);
    try {
      parseReference(text);
      return { encoded, text };
    } catch (error) {
      return { encoded, text, problem: error.message };
    }
  } catch (error) {
    return { encoded, text: "(not readable)", problem: error.message };
  }
}
