// Waits for a signature and proves it: status 16 is the service's word, this is the registry's.

/** @param {any} core */
export function waiting({ parseReference, decodeArtifactUri, publicKey, verifyImage, fail }) {
  /** @param {any} client @param {string} id @param {any} options */
  async function waitAndVerify(client, id, { registry, requireRepository, recursive, ...wait } = {}) {
    const signing = await client.waitForSignature(id, wait);
    if (signing.state !== "signed") return { signing };
    const product = await client.product(signing.productId, { signal: wait.signal });
    const key = publicKey(product, signing.idProductOperation, client.profile);
    const encoded = signing.payload?.optionalParameters?.[0]?.artifactURI;
    if (typeof encoded !== "string") {
      const message = "The service does not echo which image it signed.";
      throw fail("bad-reply", message, "Use verifyImage with the reference that you requested.");
    }
    const reference = parseReference(decodeArtifactUri(encoded));
    const options = { publicKey: key, registry, requireRepository, recursive, signal: wait.signal };
    return { signing, publicKey: key, verification: await verifyImage(reference, options) };
  }

  return { waitAndVerify };
}
