// A second witness beside the package's own verification: reads the `.sig` manifest and checks it with Node's
// cryptography, sharing no code with what is tested but the parsing of the reference.
import { createPublicKey, verify } from "node:crypto";
import { parseReference } from "ocisign";
import { digestOf } from "../../demo/registry.js";

const layerType = "application/vnd.dev.cosign.simplesigning.v1+json";
const annotation = "dev.cosignproject.cosign/signature";
const payloadType = "cosign container image signature";

/**
 * @param {import("../../demo/registry.js").Registry} registry @param {string} image a reference @param {string} pem
 * @returns {Promise<{ payload: Buffer, signature: Buffer }>} the first signature that holds
 */
export async function prove(registry, image, pem) {
  const reference = parseReference(image);
  const tag = `${reference.digest.replace(":", "-")}.sig`;
  const manifest = JSON.parse((await registry.manifest(reference.repository, tag)).toString());
  const reasons = [];
  for (const layer of manifest.layers) {
    const checked = await check(registry, reference, layer, pem);
    if (checked.payload) return checked;
    reasons.push(checked.reason);
  }
  throw new Error(`no signature of ${reference.canonical} holds: ${reasons.join("; ")}`);
}

/**
 * @param {import("../../demo/registry.js").Registry} registry @param {import("ocisign").ImageReference} reference
 * @param {{ mediaType: string, digest: string, annotations?: Record<string, string> }} layer @param {string} pem
 */
async function check(registry, reference, layer, pem) {
  if (layer.mediaType !== layerType) return { reason: `a layer is of type ${layer.mediaType}` };
  const payload = await registry.blob(reference.repository, layer.digest);
  if (digestOf(payload) !== layer.digest) return { reason: "the payload's digest is wrong" };
  const signature = Buffer.from(layer.annotations?.[annotation] ?? "", "base64");
  if (!verify("sha256", payload, createPublicKey(pem), signature))
    return { reason: "the signature is of another key" };
  const expected = {
    critical: {
      identity: { "docker-reference": `${reference.registry}/${reference.repository}` },
      image: { "docker-manifest-digest": reference.digest },
      type: payloadType,
    },
    optional: null,
  };
  // What the sandbox signs has one spelling, so the bytes can be compared whole.
  if (payload.toString() !== JSON.stringify(expected))
    return { reason: "the payload is about something else" };
  return { payload, signature };
}
