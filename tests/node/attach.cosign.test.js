// What is attached is what cosign 3 leaves in a registry, byte for byte.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mock, test } from "node:test";
import { attachSignature, parseReference, signingPayload, verifyImage } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { referringRegistry } from "../support/referring-registry.js";
import { dsseMessage } from "../support/signatures.js";

const fixtures = new URL("../fixtures/", import.meta.url);
const image = readFileSync(new URL("cosign-image.json", fixtures));

for (const name of ["v3-bundle-ec", "v3-bundle-p384", "v3-bundle-p521", "v3-bundle-rsa"]) {
  const read = (/** @type {string} */ file) => readFileSync(new URL(`cosign/${name}/${file}`, fixtures));
  const { reference, manifestDigest } = JSON.parse(String(read("case.json")));
  const [blob, manifest, publicKey] = [read("blob"), read("manifest.json"), String(read("key.pem"))];
  const { dsseEnvelope } = JSON.parse(String(blob));
  const [{ sig: signature }] = dsseEnvelope.signatures;
  const { repository, digest } = parseReference(reference);
  const at = `/v2/${repository}`;

  test(`${name}: what is to be signed is what cosign signed`, async () => {
    const { bytes, format } = await signingPayload(reference, "bundle");
    assert.equal(format, "bundle");
    const statement = Buffer.from(dsseEnvelope.payload, "base64");
    assert.equal(Buffer.from(bytes).toString(), dsseMessage(statement).toString());
  });

  for (const lists of [true, false]) {
    test(`${name}: its signature attached, ${lists ? "with" : "without"} a list of referrers`, async () => {
      const registry = referringRegistry({ lists });
      registry.manifest(repository, image);
      const { annotations } = JSON.parse(String(manifest));
      mock.timers.enable({ apis: ["Date"], now: new Date(annotations["org.opencontainers.image.created"]) });
      const options = { signature, publicKey, registry: { fetch: registry.fetch } };
      const attached = await attachSignature(reference, { ...options, format: "bundle" });
      mock.timers.reset();

      const tag = digest.replace(":", "-");
      const place = lists ? { place: "referrers" } : { place: "fallback-tag", tag };
      assert.deepEqual(attached, {
        ...(lists ? {} : { tag }),
        signatures: 1,
        formats: [{ format: "bundle", ...place, digest: manifestDigest, signatures: 1, wasThere: false }],
      });
      const held = (/** @type {string} */ path) => String(registry.held.get(`${at}/${path}`)?.bytes);
      assert.equal(held(`manifests/${manifestDigest}`), String(manifest));
      assert.equal(held(`blobs/${digestOf(blob)}`), String(blob));
      assert.equal(held(`blobs/${digestOf("{}")}`), "{}");
      const others = [...registry.held.keys()].filter((path) => path.endsWith(`/${tag}`));
      assert.equal(others.length, lists ? 0 : 1, "an index only where the registry keeps no list");
      if (!lists) {
        // As cosign writes it there, with what the OCI's specification asks for beside: the annotations.
        const [expected] = JSON.parse(String(read("fallback-index.json"))).manifests;
        const index = registry.json(`${at}/manifests/${tag}`);
        assert.deepEqual(index.manifests, [{ ...expected, digest: manifestDigest, annotations }]);
      }

      const { state, signatures } = await verifyImage(reference, {
        publicKey,
        registry: { fetch: registry.fetch },
      });
      assert.equal(state, "verified");
      assert.deepEqual(
        signatures.map(({ from }) => from),
        [[place.place]],
      );
    });
  }
}
