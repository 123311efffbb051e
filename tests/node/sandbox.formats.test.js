// The sandbox signs in the format that its start says, in a registry that lists what refers to an image and in one that
// does not; what it signed is verified by the package.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { publicKey, verifyImage } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { dockerRegistry } from "../support/docker-registry.js";
import { clientsOf, productFor, profileOf, quick, testSandbox } from "../support/sandbox.js";

const formats = {
  "simple-signing": ["simple-signing"],
  bundle: ["bundle"],
  both: ["simple-signing", "bundle"],
};

for (const [kind, inBundle] of /** @type {const} */ ([
  ["embedded", "referrers"],
  ["docker-registry", "fallback-tag"],
])) {
  describe(kind, () => {
    /** @type {Awaited<ReturnType<typeof dockerRegistry>> | undefined} */
    let docker;
    before(async () => {
      if (kind !== "embedded") docker = await dockerRegistry({ username: "robot", password: "a pass:word" });
    });
    after(() => docker?.close());

    for (const [option, expected] of Object.entries(formats)) {
      test(`--signature-format ${option}: images of two keys, each signed twice and once`, async () => {
        const args = ["--signature-format", option];
        const sandbox = await testSandbox({ name: "formats", registry: docker, args });
        try {
          const { domain, url, username, password } = docker ?? sandbox.registry;
          const repository = `team/${option}`;
          const digest = await pushImage(new Registry(docker ?? sandbox.registry), repository);
          const image = `${domain}/${repository}@${digest}`;
          const as = (await clientsOf(sandbox))("requester");
          const keys = [];
          for (const keyType of ["secp256r1", "RSA2048"]) {
            const product = await as.createProduct(productFor(sandbox, { keyType, approvalGroups: [] }));
            for (let time = 0; time < 2; time++) {
              const request = await as.requestSigning({ productId: product.id, artifact: image });
              const end = await as.waitForSignature(request.id, quick);
              assert.equal(end.state, "signed", String(end.reason));
            }
            keys.push(publicKey(product, undefined, await profileOf(sandbox)).pem);
          }
          const access = { registry: { url, username, password } };
          const verification = await verifyImage(image, { keys, threshold: 2, ...access });
          assert.equal(verification.state, "verified", verification.reason);
          const found = verification.signatures.map(({ format, from }) => `${format} by ${from}`);
          const places = { "simple-signing": "tag", bundle: inBundle };
          assert.deepEqual(
            found,
            expected.flatMap((format) =>
              Array(2).fill(`${format} by ${places[/** @type {"bundle"} */ (format)]}`),
            ),
          );
        } finally {
          await sandbox.close();
        }
      });
    }
  });
}
