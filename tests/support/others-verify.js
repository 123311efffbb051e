// Keys of every type sign an image each, and the tools of others judge what came of it.
import assert from "node:assert/strict";
import { before, describe } from "node:test";
import { parseReference } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { anotherKey, answers, keyTypes, onlyTheKey, pairing } from "./interop.js";

const signatureType = "application/vnd.dev.cosign.simplesigning.v1+json";
const readsIt = "reads manifest and payload";

/**
 * @param {{ signer: string, registry: string }} how for the table
 * @param {() => Awaited<ReturnType<typeof import("./interop.js").openRegistry>>} opened what `openRegistry` gave
 */
export function othersVerify(how, opened) {
  for (const keyType of keyTypes) {
    describe(keyType, () => {
      const row = { ...how, format: "simple signing", key: keyType };
      const wrong = anotherKey(keyType);
      let image;
      let pem;
      before(async () => {
        const product = await opened().product(keyType);
        image = await opened().image();
        await opened().sign(product, image);
        pem = product.pem;
      });

      for (const cosign of /** @type {const} */ (["cosign-v3", "cosign-v2"])) {
        pairing({ ...row, verifier: cosign, expected: onlyTheKey }, () => {
          const accepts = (key) => opened().tools.accepts(cosign, key, image);
          return answers(accepts(pem), accepts(wrong));
        });
      }
      pairing({ ...row, verifier: "crane", expected: readsIt }, () => {
        readWithCrane(opened().tools, image);
        return readsIt;
      });
      pairing({ ...row, verifier: "openssl", expected: onlyTheKey }, () => {
        const { payload, signature } = readWithCrane(opened().tools, image);
        const accepts = (key) => opened().tools.opensslAccepts(key, payload, signature);
        return answers(accepts(pem), accepts(wrong));
      });
    });
  }
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
