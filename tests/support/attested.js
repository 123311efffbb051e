// Attestations of an image as cosign keeps them: DSSE envelopes under a tag of their own, and bundles among referrers.
import { sign } from "node:crypto";
import { digestOf } from "../../demo/registry.js";
import { bundleLayer, dsseMessage, manifestOf, statementFor } from "./signatures.js";

export const slsa = "https://slsa.dev/provenance/v1";
export const spdx = "https://spdx.dev/Document";
export const inToto = "application/vnd.in-toto+json";

/**
 * The layer of an envelope, and its bytes.
 *
 * @param {import("node:crypto").KeyObject} privateKey
 * @param {import("./signatures.js").BundleOptions & { annotations?: object }} made as of a bundle
 */
export function envelopeLayer(
  privateKey,
  { statement, payloadType = inToto, around, annotations, ...about } = {},
) {
  const signed = Buffer.from(statement ?? JSON.stringify(statementFor({ predicateType: slsa, ...about })));
  const envelope = {
    payloadType,
    payload: signed.toString("base64"),
    signatures: [
      { keyid: "", sig: sign("sha256", dsseMessage(signed, payloadType), privateKey).toString("base64") },
    ],
  };
  around?.({ dsseEnvelope: envelope });
  return layerOf(Buffer.from(JSON.stringify(envelope)), annotations ?? { predicateType: slsa });
}

/** @param {Buffer} bytes @param {object} annotations */
export function layerOf(bytes, annotations, mediaType = "application/vnd.dsse.envelope.v1+json") {
  return {
    bytes,
    layer: {
      mediaType,
      digest: digestOf(bytes),
      size: bytes.length,
      annotations: { "dev.cosignproject.cosign/signature": "", ...annotations },
    },
  };
}

/** @param {string} digest */
export const attTag = (digest) => `${digest.replace(":", "-")}.att`;

/**
 * Puts layers under the tag of attestations.
 *
 * @param {{ blob: (repository: string, bytes: Uint8Array) => unknown, manifest: (repository: string, bytes: Buffer, tag: string) => unknown }} registry
 * @param {string} repository @param {string} digest of the image @param {{ layer: object, bytes: Buffer }[]} made
 */
export function putUnderTag(registry, repository, digest, ...made) {
  for (const { bytes } of made) registry.blob(repository, bytes);
  registry.manifest(repository, manifestOf(...made.map(({ layer }) => layer)), attTag(digest));
}

/** Both forms of the same attestation. @type {{ [form: string]: typeof envelopeLayer }} */
export const forms = {
  envelope: envelopeLayer,
  bundle: (privateKey, { annotations, ...made } = {}) => {
    const { layer, bytes } = bundleLayer(privateKey, { predicateType: slsa, ...made });
    const named = annotations ?? { "dev.sigstore.bundle.predicateType": slsa };
    return { bytes, layer: { ...layer, annotations: /** @type {any} */ (named) } };
  },
};
