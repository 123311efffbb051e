// The in-toto statement: never both a signature and an attestation, and always about this one image.
import assert from "node:assert/strict";
import {
  checkAttestation,
  checkStatement,
  Fault,
  parseReference,
  predicateTypeIn,
} from "../../support/readers.js";
import { refusedBy } from "../refused.js";
import { digest, reference } from "../seal.js";

const image = parseReference(reference);
const signature = "https://sigstore.dev/cosign/sign/v1";
export const words = [
  digest.slice(7),
  "sha256",
  signature,
  "https://in-toto.io/Statement/v1",
  "https://slsa.dev/provenance/v1",
];

/** @param {Buffer} input */
export function judge(input) {
  const said = predicateTypeIn(input);
  const signed = refusedBy(Fault, () => [checkStatement(input, image)]);
  const attested = refusedBy(Fault, () => checkAttestation(input, image));
  assert.ok(!(signed && attested), "it is both a signature and an attestation");
  if (!signed && !attested) return;
  const { subject, predicateType } = JSON.parse(input.toString());
  assert.deepEqual(
    subject.map((/** @type {any} */ it) => it.digest),
    [{ sha256: digest.slice(7) }],
  );
  assert.equal(predicateType, said);
  if (signed) assert.equal(predicateType, signature);
  if (attested) assert.equal(predicateType, attested.predicateType);
}
