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
      const der = createPublicKey(key.pem).export({ type: "spki", format: "der" });
      assert.equal(key.fingerprint, `sha256:${createHash("sha256").update(der).digest("hex")}`);
    }
  }
}
