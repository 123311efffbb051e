// Proof files, as they came and with a right checksum: what is read is what is written, and none of a stranger verifies.
import assert from "node:assert/strict";
import { OcisignError, readProof, verifyProof, writeProof } from "../../support/readers.js";
import { refusedLater } from "../refused.js";
import { digest, publicKeys, reference } from "../seal.js";

export const longest = 16_384;
export const words = [digest, reference, "tag", "referrers", "application/vnd.ocisign.proof+json"];

/** @param {Buffer} input */
export async function judge(input) {
  for (const bytes of [Uint8Array.from(input), await sealed(input)]) {
    const proof = bytes && (await refusedLater(OcisignError, () => readProof(bytes)));
    if (!proof) continue;
    const written = new TextEncoder().encode(await writeProof(proof));
    assert.deepEqual(new TextEncoder().encode(await writeProof(await readProof(written))), written);
    const verified = await refusedLater(OcisignError, () =>
      verifyProof(bytes, { publicKey: publicKeys.stranger }),
    );
    assert.notEqual(verified?.state, "verified");
  }
}

/** The same with the checksum that belongs to it, where it has the fields of one. @param {Buffer} input */
async function sealed(input) {
  try {
    const { reference: named, manifests, signatures, blobs, keys } = JSON.parse(input.toString());
    const held = (/** @type {any[]} */ list) =>
      list.map((it) => ({ ...it, bytes: Uint8Array.from(Buffer.from(it.content, "base64")) }));
    const proof = {
      reference: named,
      manifests: held(manifests),
      signatures: held(signatures),
      blobs: held(blobs),
      keys,
    };
    return new TextEncoder().encode(await writeProof(proof));
  } catch {
    return undefined;
  }
}
