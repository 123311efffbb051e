// One signature that holds, and the ways to change what it says or how it is written down, signed all the same.
import assert from "node:assert/strict";
import { verifySignatures } from "ocisign";
import { bundleLayer, image, keyPair, manifestOf, payloadFor, reference, simpleLayer } from "./signatures.js";

export const rsa = keyPair("rsa");
export const other = keyPair("rsa");
export const annotation = "dev.cosignproject.cosign/signature";
export const text = JSON.stringify(payloadFor());
export const good = Buffer.from(text);
export const goodLayer = simpleLayer(rsa.privateKey, good);
export const [, hex] = image.digest.split(":");

/**
 * Verifies one layer over some bytes.
 *
 * @param {unknown} layer
 * @param {any} blob
 * @param {any} [options] right or wrong ones
 */
export function verify(layer, blob, options = {}) {
  return verifySignatures({ reference, publicKey: rsa.pem, manifest: manifestOf(layer), blob, ...options });
}

/** Signs a payload, whatever it is, and verifies it. @param {any} payload @param {any} [options] */
export function verifyPayload(payload, options) {
  const bytes = Buffer.from(payload);
  return verify(simpleLayer(rsa.privateKey, bytes), bytes, options);
}

/**
 * Signs a bundle with these changes, and verifies it.
 *
 * @param {import("./signatures.js").BundleOptions} made
 * @param {any} [options]
 */
export function verifyBundle(made, options) {
  const { layer, bytes } = bundleLayer(rsa.privateKey, made);
  return verify(layer, bytes, options);
}

/** The right payload with a change. @param {(payload: any) => unknown} change */
export function payload(change) {
  const changed = payloadFor();
  change(changed);
  return JSON.stringify(changed);
}

/** The right payload with some JSON in `optional`, which may hold any object. @param {string} json */
export const withOptional = (json) => text.replace('"optional":null', `"optional":{"x":${json}}`);

/**
 * There is one signature; it is invalid, failed at this step, and the reason says why.
 *
 * @param {Promise<import("ocisign").Verification>} verification
 * @param {string} step
 * @param {RegExp} said
 * @param {string} [about]
 */
export async function refused(verification, step, said, about) {
  const { state, signatures, reason } = await verification;
  assert.equal(state, "invalid", about);
  assert.deepEqual(
    signatures.map(({ verified, failed }) => [verified, failed]),
    [[false, step]],
    about,
  );
  assert.match(reason, said, about);
}
