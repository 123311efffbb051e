// Signatures made by Node's own cryptography, good and bad, in the layout that cosign uses.
import { constants, generateKeyPairSync, sign } from "node:crypto";
import { digestOf } from "../../demo/registry.js";

export const image = {
  registry: "registry.example",
  repository: "team/app",
  digest: `sha256:${"3fbc".repeat(16)}`,
};
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
const inToto = "application/vnd.in-toto+json";
export const reference = `${image.registry}/${image.repository}@${image.digest}`;

/** @typedef {import("node:crypto").KeyObject} KeyObject */

/** @param {"rsa" | "P-256" | "P-384" | "P-521"} type */
export function keyPair(type = "rsa", bits = 2048) {
  const pair =
    type === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: bits })
      : generateKeyPairSync("ec", { namedCurve: type });
  return { ...pair, pem: String(pair.publicKey.export({ type: "spki", format: "pem" })) };
}

/**
 * The payload of simple signing, with changes by path.
 *
 * @param {{ repository?: string, digest?: string, type?: string }} [changes]
 */
export function payloadFor({
  repository = `${image.registry}/${image.repository}`,
  digest = image.digest,
  type,
} = {}) {
  return {
    critical: {
      identity: { "docker-reference": repository },
      image: { "docker-manifest-digest": digest },
      type: type ?? "cosign container image signature",
    },
    optional: null,
  };
}

/**
 * Signs bytes and gives the layer that names them.
 *
 * @param {KeyObject} privateKey @param {Uint8Array} bytes
 * @param {{ hash?: string, padding?: number, signature?: string }} [options] `signature` replaces the right one
 */
export function simpleLayer(privateKey, bytes, { hash = "sha256", padding, signature } = {}) {
  const key = padding ? { key: privateKey, padding } : privateKey;
  const made = signature ?? sign(hash, bytes, key).toString("base64");
  return {
    mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
    digest: digestOf(bytes),
    size: bytes.length,
    annotations: { "dev.cosignproject.cosign/signature": made },
  };
}

/** What a bundle's statement says. @param {{ digest?: string, predicateType?: string }} [changes] */
export function statementFor({ digest = image.digest, predicateType } = {}) {
  const [algorithm, hex] = digest.split(":");
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ digest: { [algorithm]: hex } }],
    predicateType: predicateType ?? "https://sigstore.dev/cosign/sign/v1",
    predicate: {},
  };
}

/** What DSSE signs. @param {Uint8Array} statement */
export function dsseMessage(statement, payloadType = inToto) {
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${statement.length} `;
  return Buffer.concat([Buffer.from(head), statement]);
}

/**
 * A Sigstore bundle and the layer that names it. `statement` replaces the text that is signed, `around` changes the
 * bundle after signing.
 *
 * @typedef {object} BundleOptions
 * @property {string} [hash]
 * @property {string} [payloadType]
 * @property {string} [statement]
 * @property {(bundle: any) => unknown} [around]
 * @property {string} [digest] of the image
 * @property {string} [predicateType]
 *
 * @param {KeyObject} privateKey @param {BundleOptions} [options]
 */
export function bundleLayer(privateKey, { hash = "sha256", payloadType, statement, around, ...about } = {}) {
  const signed = Buffer.from(statement ?? JSON.stringify(statementFor(about)));
  const bundle = {
    mediaType: bundleType,
    verificationMaterial: { publicKey: { hint: "" } },
    dsseEnvelope: {
      payload: signed.toString("base64"),
      payloadType: payloadType ?? inToto,
      signatures: [{ sig: sign(hash, dsseMessage(signed, payloadType), privateKey).toString("base64") }],
    },
  };
  around?.(bundle);
  const bytes = Buffer.from(JSON.stringify(bundle));
  return { bytes, layer: bundleDescriptor(bytes) };
}

/** The layer that names a bundle. @param {Uint8Array} bytes */
export function bundleDescriptor(bytes) {
  return { mediaType: bundleType, digest: digestOf(bytes), size: bytes.length };
}

/** @param {...unknown} layers right or wrong ones */
export function manifestOf(...layers) {
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(""), size: 0 },
      layers,
    }),
  );
}

export const pss = constants.RSA_PKCS1_PSS_PADDING;
