// Signatures made by Node's own cryptography, good and bad, in the layout that cosign uses.
import { constants, generateKeyPairSync, sign } from "node:crypto";
import { digestOf } from "../../demo/registry.js";

export const image = {
  registry: "registry.example",
  repository: "team/app",
  digest: `sha256:${"3fbc".repeat(16)}`,
};
export const reference = `${image.registry}/${image.repository}@${image.digest}`;

/** @param {"rsa" | "P-256" | "P-384" | "P-521"} type */
export function keyPair(type = "rsa", bits = 2048) {
  const pair =
    type === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: bits })
      : generateKeyPairSync("ec", { namedCurve: type });
  return { ...pair, pem: pair.publicKey.export({ type: "spki", format: "pem" }) };
}

/** The payload of simple signing, with changes by path. */
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

/** Signs bytes and gives the layer that names them. */
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

/** A Sigstore bundle and the layer that names it. */
export function bundleLayer(privateKey, { digest = image.digest, predicateType, hash = "sha256" } = {}) {
  const [algorithm, hex] = digest.split(":");
  const statement = Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ digest: { [algorithm]: hex } }],
      predicateType: predicateType ?? "https://sigstore.dev/cosign/sign/v1",
      predicate: {},
    }),
  );
  const payloadType = "application/vnd.in-toto+json";
  const message = Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${statement.length} `),
    statement,
  ]);
  const bytes = Buffer.from(
    JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint: "" } },
      dsseEnvelope: {
        payload: statement.toString("base64"),
        payloadType,
        signatures: [{ sig: sign(hash, message, privateKey).toString("base64") }],
      },
    }),
  );
  return {
    bytes,
    layer: {
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      digest: digestOf(bytes),
      size: bytes.length,
    },
  };
}

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
