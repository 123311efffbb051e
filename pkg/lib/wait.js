// Waits for a signature and proves it: status 16 is the service's word, this is the registry's.
import { checkOptions } from "./options.js";

const known = [
  ...["registry", "requireRepository", "recursive", "reference"],
  ...["signal", "timeoutMs", "onStatus", "intervalMs", "maxIntervalMs"],
];

/** @param {any} core */
export function waiting({ SigningClient, parseReference, decodeArtifactUri, publicKey, verifyImage, fail }) {
  /** @param {any} client @param {string} id @param {any} options */
  async function waitAndVerify(client, id, options = {}) {
    const given = checkOptions(options, known, fail);
    if (!(client instanceof SigningClient)) {
      throw fail(
        "bad-input",
        "client is not a SigningClient.",
        "Pass the client that requested the signature.",
      );
    }
    const { registry, requireRepository, recursive, reference, ...wait } = given;
    const { signal } = wait;
    const signing = await client.waitForSignature(id, wait);
    if (signing.state !== "signed") return { signing };
    const image = signedImage(signing, reference);
    const product = await client.product(signing.productId, { signal });
    const key = publicKey(product, signing.idProductOperation, client.profile);
    const verification = await verifyImage(image, {
      publicKey: key,
      registry,
      requireRepository,
      recursive,
      signal,
    });
    return { signing, publicKey: key, verification };
  }

  /**
   * The image that the service says it signed, which has to be the one that was asked for.
   *
   * @param {any} signing @param {any} reference
   */
  function signedImage(signing, reference) {
    const wanted = reference === undefined ? undefined : parseReference(reference?.canonical ?? reference);
    const parameters = signing.payload?.optionalParameters ?? [];
    const encoded = parameters[0]?.artifactURI;
    if (parameters.length > 1 || (typeof encoded !== "string" && !wanted)) {
      const message = "The service does not say which one image it signed.";
      throw fail("bad-reply", message, "Pass `reference`, the image that you requested.");
    }
    const signed = typeof encoded === "string" ? parseReference(decodeArtifactUri(encoded)) : wanted;
    if (!wanted || signed.canonical === wanted.canonical) return signed;
    const message = `The service signed another image, ${signed.canonical}.`;
    throw fail("bad-reply", message, "Report it to those who run the service.");
  }

  return { waitAndVerify };
}
