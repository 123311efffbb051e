// Pushes a signature that was made elsewhere, such as by a DigestSigning operation of the same service.
import { checkOptions, openRegistry, signatureTag } from "./options.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.dev.cosign.simplesigning.v1+json";
const annotation = "dev.cosignproject.cosign/signature";

/** A tag is read, extended and written; when somebody else does the same meanwhile, it is done again. */
const attempts = 3;

/** @param {any} core */
export function attaching(core) {
  const { parseReference, simpleSigningPayload, verifySignatures, hasDigest, fail } = core;

  /** @param {any} reference @param {any} options */
  async function attachSignature(reference, options) {
    checkOptions(options, ["signature", "publicKey", "registry", "signal", "timeoutMs"], fail);
    const image = parseReference(reference?.canonical ?? reference);
    const { text, sha256 } = simpleSigningPayload(image);
    const payload = new TextEncoder().encode(text);
    const layer = {
      mediaType: layerType,
      digest: `sha256:${sha256}`,
      size: payload.length,
      annotations: { [annotation]: toBase64(options.signature) },
    };
    await checkBefore(image, layer, payload, options.publicKey);
    const { client, repository } = openRegistry(core, image, options);
    const tag = signatureTag(image.digest);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const layers = layersOf(await client.manifest(repository, tag));
      if (layers.some((it) => isSame(it, layer))) return { tag, signatures: layers.length };
      await client.pushBlob(repository, payload);
      await client.pushManifest(
        repository,
        tag,
        await manifestWith([...layers, layer], client, repository),
        manifestType,
      );
    }
    const now = layersOf(await client.manifest(repository, tag));
    if (now.some((it) => isSame(it, layer))) return { tag, signatures: now.length };
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

  /** @param {{ bytes: Uint8Array } | undefined} manifest @returns {any[]} */
  function layersOf(manifest) {
    if (!manifest) return [];
    try {
      const { layers } = JSON.parse(new TextDecoder().decode(manifest.bytes));
      if (Array.isArray(layers)) return layers;
    } catch {
      // Explained below.
    }
    const message = "The tag for signatures holds something that is not a manifest of signatures.";
    throw fail("conflict", message, "Find out what it is before you remove it.");
  }

  /** @param {any[]} layers @param {any} client @param {string} repository */
  async function manifestWith(layers, client, repository) {
    const config = new TextEncoder().encode(
      JSON.stringify({
        architecture: "",
        os: "",
        config: {},
        rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
      }),
    );
    const digest = await client.pushBlob(repository, config);
    if (!hasDigest(config, digest))
      throw fail("bad-reply", "The registry changed a blob.", "Try another registry.");
    return new TextEncoder().encode(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: { mediaType: configType, digest, size: config.length },
        layers,
      }),
    );
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

/** @param {any} a @param {any} b */
function isSame(a, b) {
  return a.digest === b.digest && a.annotations?.[annotation] === b.annotations[annotation];
}
