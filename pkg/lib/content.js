// What a registry holds under a digest: exactly that, or an error.
import { hasDigest } from "./proof/digest.js";

/** @param {any} core */
export function contents({ fail }) {
  /** The image's own manifest. @param {any} client @param {import("../index.js").ImageReference} image */
  async function imageManifest(client, { registry, repository, digest }) {
    const manifest = await client.manifest(repository, digest);
    if (!manifest) throw missing(`The registry ${registry} does not hold the image ${digest}.`);
    return { bytes: await checked(manifest.bytes, digest), mediaType: manifest.mediaType };
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes @param {string} digest */
  async function checked(bytes, digest) {
    if (await hasDigest(bytes, digest)) return bytes;
    const message = `The registry sent something else than ${digest}.`;
    throw fail("bad-reply", message, "Check what stands between you and the registry.");
  }

  /** @param {string} message */
  function missing(message) {
    return fail("not-found", message, "Check the reference and the credentials.");
  }

  return { imageManifest, checked, missing };
}
