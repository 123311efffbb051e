// Public keys in one file: each that is read has the DER form that Node's own cryptography writes of it.
import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import { OcisignError, readPublicKey } from "ocisign";
import { keyBlocks } from "../../support/readers.js";
import { refusedBy } from "../refused.js";

export const words = ["-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", "RSA ", '"kty":', "\n"];

/** @param {Buffer} input */
export function judge(input) {
  for (const given of [input, input.toString("latin1")]) {
    for (const block of keyBlocks(given)) {
      const key = refusedBy(OcisignError, () => readPublicKey(block));
      if (!key) continue;
      const read = readByNode(key.pem);
      if (!read) continue;
      const der = read.export({ type: "spki", format: "der" });
      assert.equal(key.fingerprint, `sha256:${createHash("sha256").update(der).digest("hex")}`);
    }
  }
}

/** Whether a point is on its curve, Node looks at here, and ours when the key is used. @param {string} pem */
function readByNode(pem) {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
