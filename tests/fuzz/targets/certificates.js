// Certificates and their chains: whatever is changed, only the one certificate that the root vouches for is trusted.
import assert from "node:assert/strict";
import { certificates, pem } from "../../support/readers.js";
import { rootOfFuzz, trustedSpki } from "../seal.js";

export const longest = 8192;
export const words = ["-----BEGIN CERTIFICATE-----\n", "\n-----END CERTIFICATE-----\n", "\n\n"];
const at = new Date("2026-06-15T12:00:00Z");
const demands = { identities: [], subject: undefined, at };
const authorities = certificates.readTrust(
  { ...demands, roots: [rootOfFuzz], intermediates: [] },
  "certificates",
);

/** The certificate, an empty line, and the chain: in PEM, or the first as DER alone. @param {Buffer} input */
export async function judge(input) {
  if ("fault" in authorities || "unanswered" in authorities) throw new Error("the root cannot be read");
  const [certificate = "", chain] = input.toString("latin1").split("\n\n", 2);
  for (const carried of [
    { certificate, chain },
    { certificate: input, chain: undefined },
  ]) {
    const outcome = await certificates.judgeCertificate(carried, authorities, demands, crypto.subtle);
    if ("spki" in outcome) assert.equal(Buffer.from(outcome.spki).toString("base64"), trustedSpki);
    else assert.ok("fault" in outcome ? outcome.fault : outcome.unanswered);
    await certificates.readAttachable(carried, at, crypto.subtle);
  }
  certificates.readTrust(
    { ...demands, roots: [input.toString("latin1")], intermediates: [input] },
    "certificates",
  );
  assert.equal(pem.pemOf(input).length > 0, true);
}
