// What people call the types of attestations, and what they gave in place of a key: page and command line say the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importSource } from "../support/source.js";

const { attestationTitle, isBillType } = await importSource("pkg/src/signature/attestation-types.ts");

// Types by the specifications of in-toto, SLSA, SPDX, CycloneDX, OpenVEX and cosign.
for (const [type, title, isBill] of /** @type {[string, string | undefined, boolean][]} */ ([
  ["https://slsa.dev/provenance/v1", "SLSA provenance v1", false],
  ["https://slsa.dev/provenance/v0.2", "SLSA provenance v0.2", false],
  ["https://slsa.dev/verification_summary/v1", "SLSA verification summary", false],
  ["https://spdx.dev/Document", "SPDX", true],
  ["https://spdx.dev/Document/v2.3", "SPDX", true],
  ["https://cyclonedx.org/bom", "CycloneDX", true],
  ["https://cyclonedx.org/bom/v1.6", "CycloneDX", true],
  ["https://cyclonedx.org/schema", "CycloneDX", true],
  ["https://openvex.dev/ns/v0.2.0", "OpenVEX", false],
  ["https://cosign.sigstore.dev/attestation/vuln/v1", "Vulnerability scan", false],
  ["https://in-toto.io/Link/v1", "in-toto link", false],
  ["https://spdx.dev/Documents", undefined, false],
  ["https://slsa.dev/provenance/v1/x", undefined, false],
  ["", undefined, false],
])) {
  test(`${type || "nothing"} is called ${title ?? "nothing else"}`, () => {
    assert.equal(attestationTitle(type), title);
    assert.equal(isBillType(type), isBill);
  });
}

test("a text holds several keys, or what has a kind by the name that the module repeats", async () => {
  const { insteadOfKey, keyBlocks } = await importSource("pkg/src/signature/key-blocks.ts");
  for (const [name, kind] of [
    ["ENCRYPTED PRIVATE KEY", "privateKey"],
    ["JWK PRIVATE KEY", "privateKey"],
    ["CERTIFICATE REQUEST", "request"],
    ["TRUSTED CERTIFICATE", "certificate"],
    ["SSH key", "ssh"],
    ["SSH2 PUBLIC KEY", "ssh"],
    ["PGP PUBLIC KEY BLOCK", "pgp"],
    ["PKCS12", "pkcs12"],
    ["PKCS7", "pkcs7"],
    ["CMS", "pkcs7"],
    ["JWK", "jwk"],
    ["DH PARAMETERS", "other"],
  ]) {
    assert.deepEqual(insteadOfKey(`What was given as public key is \`${name}\`.`), { name, kind });
  }
  for (const message of ["", "The public key is not base64.", "The key is `PKCS12`."]) {
    assert.equal(insteadOfKey(message), undefined);
  }
  const block = (/** @type {string} */ name) => `-----BEGIN ${name}-----\nAAAA\n-----END ${name}-----`;
  const [one, other] = [block("PUBLIC KEY"), block("RSA PUBLIC KEY")];
  assert.deepEqual(keyBlocks(`# the first\n${one}\n${other}\n# the end\n${one}`), [one, other, one]);
  for (const alone of [one, other, block("CERTIFICATE"), "", "none"])
    assert.deepEqual(keyBlocks(alone), [alone]);
});
