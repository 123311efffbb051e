// What the sandbox signed, read by the tools of others.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { parseReference } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import {
  anotherKey,
  answers,
  keyTypes,
  onlyTheKey,
  openRegistry,
  pairing,
  registries,
} from "../support/interop.js";

const signatureType = "application/vnd.dev.cosign.simplesigning.v1+json";
const readsIt = "reads manifest and payload";
const bothCount = "accepts both keys";

for (const registry of registries) {
  describe(registry, () => {
    let at;
    before(async () => {
      at = await openRegistry(registry);
    });
    after(() => at?.close());

    for (const keyType of keyTypes) {
      describe(keyType, () => {
        const row = { signer: "sandbox", format: "simple signing", key: keyType, registry };
        const wrong = anotherKey(keyType);
        let image;
        let pem;
        before(async () => {
          const product = await at.product(keyType);
          image = await at.image();
          await at.sign(product, image);
          pem = product.pem;
        });

        for (const cosign of ["cosign-v3", "cosign-v2"]) {
          pairing({ ...row, verifier: cosign, expected: onlyTheKey }, () =>
            answers(at.tools.accepts(cosign, pem, image), at.tools.accepts(cosign, wrong, image)),
          );
        }
        pairing({ ...row, verifier: "crane", expected: readsIt }, () => {
          readWithCrane(at.tools, image);
          return readsIt;
        });
        pairing({ ...row, verifier: "openssl", expected: onlyTheKey }, () => {
          const { payload, signature } = readWithCrane(at.tools, image);
          const accepts = (key) => at.tools.opensslAccepts(key, payload, signature);
          return answers(accepts(pem), accepts(wrong));
        });
      });
    }

    for (const cosign of ["cosign-v3", "cosign-v2"]) {
      const row = { format: "simple signing", key: "RSA2048 and secp256r1", registry, expected: bothCount };
      for (const order of [
        ["sandbox", cosign],
        [cosign, "sandbox"],
      ]) {
        pairing({ ...row, signer: order.join(", then "), verifier: cosign }, async () => {
          const product = await at.product("RSA2048");
          const { key, pem } = at.tools.keyPair(cosign, "secp256r1");
          const image = await at.image();
          for (const signer of order) {
            if (signer === "sandbox") await at.sign(product, image);
            else at.tools.sign(cosign, "simple signing", key, image);
          }
          const accepted = [product.pem, pem].filter((it) => at.tools.accepts(cosign, it, image));
          return accepted.length === 2 ? bothCount : `accepts ${accepted.length} of 2 keys`;
        });
      }
    }
  });
}

function readWithCrane(tools, image) {
  const { registry, repository, digest } = parseReference(image);
  const name = `${registry}/${repository}`;
  const manifest = JSON.parse(tools.crane("manifest", `${name}:${digest.replace(":", "-")}.sig`));
  assert.deepEqual(
    manifest.layers.map((layer) => layer.mediaType),
    [signatureType],
  );
  const [layer] = manifest.layers;
  const payload = tools.crane("blob", `${name}@${layer.digest}`);
  assert.equal(digestOf(payload), layer.digest);
  return {
    payload,
    signature: Buffer.from(layer.annotations["dev.cosignproject.cosign/signature"], "base64"),
  };
}
