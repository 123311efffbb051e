// Pushes a signature that was made elsewhere, such as by a DigestSigning operation of the same service.
import { checkOptions, openRegistry, signatureTag } from "./options.js";
import { simpleSigningType } from "./proof/candidate.js";
import { annotation } from "./proof/manifest.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";

/** A tag is read, extended and written; when somebody else does the same meanwhile, it is done again. */
const attempts = 3;

/** @param {any} core */
export function attaching(core) {
  const { parseReference, simpleSigningPayload, verifySignatures, fail } = core;

  /** @param {any} reference @param {any} options */
  async function attachSignature(reference, options) {
    const known = ["signature", "publicKey", "registry", "signal", "timeoutMs"];
    const given = checkOptions(options, known, fail);
    const image = parseReference(reference?.canonical ?? reference);
    const { text, sha256 } = simpleSigningPayload(image);
    const payload = toBytes(text);
    const layer = {
      mediaType: simpleSigningType,
      digest: `sha256:${sha256}`,
      size: payload.length,
      annotations: { [annotation]: toBase64(given.signature) },
    };
    await checkBefore(image, layer, payload, given.publicKey);
    const { client, repository } = openRegistry(core, image, given);
    const tag = signatureTag(image.digest);
    if (!tag) {
      const message = "An image with a sha512 digest has no tag for signatures: it would be too long.";
      throw fail("bad-input", message, "Sign it by its sha256 digest.");
    }
    for (let attempt = 0; attempt < attempts; attempt++) {
      const existing = read(await client.manifest(repository, tag));
      const { layers } = existing;
      if (holds(layers, layer)) return { tag, signatures: layers.length };
      await client.pushBlob(repository, payload);
      await pushManifest({ ...existing, layers: [...layers, layer] }, tag, client, repository);
    }
    const { layers: now } = read(await client.manifest(repository, tag));
    if (holds(now, layer)) return { tag, signatures: now.length };
    throw fail(
      "conflict",
      "Somebody else keeps replacing the image's signatures.",
      "Try again when they are done.",
    );
  }

  /** What does not verify is not pushed. @param {any} image @param {any} layer @param {Uint8Array} payload @param {any} publicKey */
  async function checkBefore(image, layer, payload, publicKey) {
    const manifest = JSON.stringify({ schemaVersion: 2, layers: [layer] });
    const { state, reason } = await verifySignatures({
      reference: image,
      publicKey,
      manifest,
      blob: payload,
    });
    if (state === "verified") return;
    const fix = "Sign the bytes of simpleSigningPayload(reference) with the key that publicKey names.";
    throw fail("bad-signature", `The signature is not pushed: ${reason}`, fix);
  }

  /** The manifest of signatures that is there, or an empty one. @param {{ bytes: Uint8Array } | undefined} manifest */
  function read(manifest) {
    if (!manifest) return { schemaVersion: 2, mediaType: manifestType, layers: [] };
    try {
      const existing = JSON.parse(new TextDecoder().decode(manifest.bytes));
      const { layers } = existing;
      if (Array.isArray(layers) && layers.every(({ mediaType }) => mediaType === simpleSigningType))
        return existing;
    } catch {
      // Explained below.
    }
    const message = "The tag for signatures holds something that is not a manifest of signatures.";
    throw fail("conflict", message, "Find out what it is before you remove it.");
  }

  /**
   * Everything of the manifest stays but its config, which lists the layers once more.
   *
   * @param {any} manifest @param {string} tag @param {any} client @param {string} repository
   */
  async function pushManifest(manifest, tag, client, repository) {
    const { schemaVersion, mediaType = manifestType, config: _, layers, ...rest } = manifest;
    const rootfs = { type: "layers", diff_ids: layers.map((/** @type {any} */ { digest }) => digest) };
    const config = toBytes(JSON.stringify({ architecture: "", os: "", config: {}, rootfs }));
    const digest = await client.pushBlob(repository, config);
    const described = { mediaType: configType, digest, size: config.length };
    const bytes = toBytes(JSON.stringify({ schemaVersion, mediaType, config: described, layers, ...rest }));
    await client.pushManifest(repository, tag, bytes, mediaType);
  }

  /** @param {string | Uint8Array} signature */
  function toBase64(signature) {
    if (typeof signature === "string") return signature.replace(/[\r\n]/g, "");
    if (!(signature instanceof Uint8Array)) {
      throw fail(
        "bad-input",
        "signature is neither base64 nor bytes.",
        "Pass what the signing operation returned.",
      );
    }
    return btoa(String.fromCharCode(...signature));
  }

  return { attachSignature };
}

/** @param {any[]} layers @param {any} layer */
function holds(layers, layer) {
  const signature = layer.annotations[annotation];
  return layers.some((it) => it.digest === layer.digest && it.annotations?.[annotation] === signature);
}

/** @param {string} text */
function toBytes(text) {
  return new TextEncoder().encode(text);
}
