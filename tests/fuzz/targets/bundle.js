// The Sigstore bundle: what is taken for the signed message is the envelope's, as DSSE encodes it.
import assert from "node:assert/strict";
import { Fault, openBundle } from "../../support/readers.js";
import { dsseMessage } from "../../support/signatures.js";
import { refusedBy } from "../refused.js";

export const words = [
  "application/vnd.dev.sigstore.bundle.v0.3+json",
  "application/vnd.in-toto+json",
  "AAAA",
];

/** @param {Buffer} input */
export function judge(input) {
  for (const [tellsApart, isCertified] of /** @type {const} */ ([
    [true, true],
    [false, true],
    [true, false],
  ])) {
    const opened = refusedBy(Fault, () => openBundle(input, tellsApart, isCertified));
    if (!opened) continue;
    const parts = "message" in opened ? opened : refusedBy(Fault, () => opened.parts());
    if (!parts) continue;
    const { dsseEnvelope: envelope } = JSON.parse(input.toString());
    const payload = Buffer.from(envelope.payload, "base64");
    assert.equal(envelope.payloadType, "application/vnd.in-toto+json");
    assert.deepEqual(Buffer.from(parts.content), payload);
    assert.deepEqual(Buffer.from(parts.message), dsseMessage(payload));
    assert.deepEqual(Buffer.from(parts.signature), Buffer.from(envelope.signatures[0].sig, "base64"));
    assert.equal(envelope.signatures.length, 1);
  }
}
