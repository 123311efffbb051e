// Signatures that carry certificates, in both formats, and what the package says of them.
import { verifySignatures } from "ocisign";
import { now } from "./code-signing.js";
import { bundleLayer, manifestOf, payloadFor, reference, simpleLayer } from "./signatures.js";

/** @typedef {import("./code-signing.js").Certificate} Certificate */

export const certificateAnnotation = "dev.sigstore.cosign/certificate";
export const chainAnnotation = "dev.sigstore.cosign/chain";
const payload = Buffer.from(JSON.stringify(payloadFor()));

/**
 * A signature of simple signing.
 *
 * @param {{ leaf: Certificate, chain?: Certificate[], signer?: Certificate, annotations?: Record<string, unknown> }} given
 *   `signer` is another one that signs; `annotations` replace those that would be written
 */
export function simple({ leaf, chain = [], signer = leaf, annotations = {} }) {
  const layer = simpleLayer(signer.privateKey, payload);
  const carried = {
    [certificateAnnotation]: leaf.pem,
    [chainAnnotation]: chain.map(({ pem }) => pem).join(""),
  };
  const all = {
    ...layer.annotations,
    ...(chain.length > 0 ? carried : { [certificateAnnotation]: leaf.pem }),
    ...annotations,
  };
  return { manifest: manifestOf({ ...layer, annotations: all }), blob: payload };
}

/**
 * A bundle, with one certificate or a chain.
 *
 * @param {{ leaf: Certificate, chain?: Certificate[], signer?: Certificate, material?: unknown }} given
 */
export function bundle({ leaf, chain, signer = leaf, material }) {
  const raw = (/** @type {Certificate} */ { der }) => ({ rawBytes: der.toString("base64") });
  const carried = chain
    ? { x509CertificateChain: { certificates: [leaf, ...chain].map(raw) } }
    : { certificate: raw(leaf) };
  const around = (/** @type {any} */ made) => {
    made.verificationMaterial = material === undefined ? carried : material;
  };
  const { bytes, layer } = bundleLayer(signer.privateKey, { around });
  return { manifest: manifestOf(layer), blob: bytes };
}

/**
 * @param {{ manifest: Uint8Array, blob: Uint8Array }} signature
 * @param {Partial<import("ocisign").CertificateOptions>} certificates
 * @param {{ publicKey?: string, keys?: string[], threshold?: number }} [keys]
 */
export function verified(signature, certificates, keys = {}) {
  // The types know roots, and a key or none.
  const options = /** @type {any} */ ({
    reference,
    ...signature,
    ...keys,
    certificates: { at: now, ...certificates },
  });
  return verifySignatures(options);
}

/**
 * What came of the only signature, in short: `verified`, or the step that it did not pass and why.
 *
 * @param {Parameters<typeof verified>} given
 */
export async function outcome(...given) {
  const { state, signatures } = await verified(...given);
  const [only, more] = signatures;
  if (!only || more) throw new Error(`${signatures.length} signatures were found`);
  if (state === "verified") return "verified";
  return `${state}, ${only.failed}: ${only.reason}`;
}
