// Attestations that real cosign made, verified by ocisign: in envelopes under a tag, and in bundles.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe } from "node:test";
import { promisify } from "node:util";
import { verifyImage } from "ocisign";
import { goProgram } from "../../tools/machine/go.js";
import { anotherKey, openRegistry, pairing, registries, withReferrers } from "../support/interop.js";

const simple = "DSSE under .att";
const bundle = "bundle v0.3";
const key = "secp256r1";
// Side by side with this process, which has to see when a registry closes a connection.
const run = promisify(execFile);

/** How each writes the one and the other. */
const attestArguments = {
  "cosign-v2": {
    [simple]: ["--tlog-upload=false"],
    [bundle]: ["--tlog-upload=false", "--new-bundle-format"],
  },
  "cosign-v3": {
    [simple]: ["--use-signing-config=false", "--tlog-upload=false", "--new-bundle-format=false"],
    [bundle]: ["--use-signing-config=false", "--tlog-upload=false"],
  },
};

const provenance = {
  buildDefinition: { buildType: "https://example.com/build/v1", externalParameters: {} },
  runDetails: { builder: { id: "https://example.com/builder" } },
};
/** @type {[name: string, predicateType: string, predicate: object][]} */
const types = [
  ["slsaprovenance1", "https://slsa.dev/provenance/v1", provenance],
  ["spdxjson", "https://spdx.dev/Document", { spdxVersion: "SPDX-2.3", packages: [] }],
  ["cyclonedx", "https://cyclonedx.org/bom", { bomFormat: "CycloneDX", specVersion: "1.5" }],
  ["openvex", "https://openvex.dev/ns", { "@context": "https://openvex.dev/ns/v0.2.0", statements: [] }],
];

for (const registry of registries) {
  describe(registry, () => {
    let at;
    before(async () => {
      at = await openRegistry(registry);
    });
    after(() => at?.close());

    // What differs between registries is only where an attestation is found.
    const some = registry === withReferrers ? types : types.slice(0, 2);
    const require = some.map(([name]) => name);
    for (const signer of /** @type {const} */ (["cosign-v2", "cosign-v3"])) {
      for (const format of [simple, bundle]) {
        const place =
          format === simple ? "attestation-tag" : registry === withReferrers ? "referrers" : "fallback-tag";
        const expected = `verified by ${place}: ${require.join(", ")}; another key: refused; alone: unsigned`;
        pairing(
          { signer: `${signer} attest`, format, key, registry, verifier: "ocisign", expected },
          async () => {
            const pair = at.tools.keyPair(signer, key);
            const [image, alone] = [await at.image(), await at.image()];
            at.tools.sign(signer, "simple signing", pair.key, image);
            for (const [name, , predicate] of some) {
              const file = at.tools.file(`${name}.json`, JSON.stringify(predicate));
              const args = ["--key", pair.key, "--type", name, "--predicate", file, "-y"];
              const attest = (/** @type {string} */ of) =>
                run(goProgram(signer), ["attest", ...args, ...attestArguments[signer][format], of], {
                  env: at.tools.env,
                  cwd: at.tools.folder,
                });
              await attest(image);
              if (name === "spdxjson") await attest(alone);
            }
            const own = { publicKey: pair.pem, registry: at.access, require };
            const good = await verifyImage(image, own);
            assert.deepEqual(
              good.attestations.map(({ verified, predicateType }) => [verified, predicateType]).sort(),
              some.map(([, type]) => [true, type]).sort(),
              good.reason,
            );
            assert.equal(good.signatures.length, 1, "no attestation is a signature");
            assert.ok(
              good.attestations.every((one) => one.verified && one.repositoryBound),
              "cosign names the image",
            );
            const [{ from } = { from: [] }] = good.attestations;
            // The image is signed with both keys, and attested with one.
            const other = await verifyImage(image, {
              keys: [pair.pem, anotherKey(key)],
              threshold: 1,
              registry: at.access,
              require: ["slsaprovenance02"],
            });
            const wrongKey = await verifyImage(image, {
              ...own,
              publicKey: anotherKey(key),
              attestations: "verify",
            });
            assert.ok(wrongKey.attestations.every(({ verified }) => verified === false));
            assert.equal(other.state, "invalid", "another type");
            const lonely = await verifyImage(alone, { ...own, require: ["spdx"] });
            assert.equal(lonely.required?.[0]?.met, true, lonely.reason);
            const another = wrongKey.required?.some(({ met }) => met) ? "attested" : "refused";
            return `${good.state} by ${from.join(" and ")}: ${require.join(", ")}; another key: ${another}; alone: ${lonely.state}`;
          },
        );
      }
    }
  });
}
