// The Sigstore bundle v0.3 as cosign 3 writes it, byte for byte (tests/fixtures/cosign/v3-*): a manifest of its own that
// refers to the image, with the bundle as its one layer.
import { toUtf8 } from "../../bytes.ts";
import type { ImageReference } from "../../image/reference.ts";
import { ociImage } from "../../registry/media-types.ts";
import { toBase64 } from "../../strict/base64.ts";
import { digestOf } from "../../strict/digest.ts";
import { payloadType } from "../proof/envelope.ts";
import { predicateType } from "../proof/statement.ts";
import type { Fingerprint } from "../public-key.ts";
import { signedStatement } from "../statement.ts";
import type { Writer } from "./format.ts";
import type { ProvedSignature } from "./proved.ts";
import { keepReferrer } from "./referrer.ts";

const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
const emptyType = "application/vnd.oci.empty.v1+json";

export const bundle: Writer = {
  async sample(image, signature) {
    const blob = bundleOf(image, { bytes: signature, key: "sha256:00" });
    const layers = [await described(bundleType, blob)];
    return { manifest: JSON.stringify({ schemaVersion: 2, layers }), blob };
  },

  async keep(place, image, signature) {
    const blob = bundleOf(image, signature);
    const [config, layer] = [toUtf8("{}"), await described(bundleType, blob)];
    const annotations = {
      "dev.sigstore.bundle.content": "dsse-envelope",
      "dev.sigstore.bundle.predicateType": predicateType,
      "org.opencontainers.image.created": new Date().toISOString().replace(/\.\d+/, ""),
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: ociImage,
      config: { ...(await described(emptyType, config)), artifactType: bundleType },
      layers: [layer],
      annotations,
    };
    const referrer = { manifest, artifactType: bundleType, blobs: [config, blob], layer };
    return { format: "bundle", ...(await keepReferrer(place, image, referrer)) };
  },
};

/**
 * The bundle. A managed key is named by its hint, the SHA-256 of its DER form, and proved by nothing in here. Where a
 * certificate is to prove it, that stands there alone: v0.3 has no place for the chain above it.
 */
function bundleOf(
  { digest }: ImageReference,
  { bytes, key, certificates }: ProvedSignature,
): Uint8Array<ArrayBuffer> {
  const payload = toBase64(signedStatement(digest));
  const signatures = [{ sig: toBase64(bytes) }];
  const verificationMaterial = certificates
    ? { certificate: { rawBytes: toBase64(certificates.certificate.der) } }
    : { publicKey: { hint: toBase64(bytesOfHex(key)) } };
  const dsseEnvelope = { payload, payloadType, signatures };
  return toUtf8(JSON.stringify({ mediaType: bundleType, verificationMaterial, dsseEnvelope }));
}

function bytesOfHex(key: Fingerprint): Uint8Array {
  const pairs = key.slice("sha256:".length).match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

/** A descriptor, with its fields in the order of cosign's. */
async function described(mediaType: string, blob: Uint8Array<ArrayBuffer>) {
  return { mediaType, size: blob.length, digest: await digestOf(blob) };
}
