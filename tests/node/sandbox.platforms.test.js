// An index of two platforms in the embedded registry: signed alone, and with --sign-platforms together with its images.
import assert from "node:assert/strict";
import { test } from "node:test";
import { publicKey, verifyImage } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { clientsOf, productFor, profileOf, quick, testSandbox } from "../support/sandbox.js";

const repository = "team/app";
const indexType = "application/vnd.oci.image.index.v1+json";
const imageType = "application/vnd.oci.image.manifest.v1+json";

/** Pushes an index over two genuine images. @param {Registry} registry */
async function pushIndex(registry) {
  const manifests = [];
  for (const architecture of ["amd64", "arm64"]) {
    const digest = await pushImage(registry, repository, `for ${architecture}\n`);
    const { length } = await registry.manifest(repository, digest);
    const platform = { os: "linux", architecture };
    manifests.push({ mediaType: imageType, digest, size: length, platform });
  }
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
  const whole = await registry.pushManifest(repository, "latest", index, indexType);
  return { whole, parts: manifests.map(({ digest }) => digest) };
}

/** Lets a sandbox sign an index, and verifies it together with its images. @param {string[]} args */
async function signIndex(args) {
  const sandbox = await testSandbox({ name: "platforms", args });
  try {
    const { whole, parts } = await pushIndex(new Registry(sandbox.registry));
    const as = (await clientsOf(sandbox))("requester");
    const product = await as.createProduct(productFor(sandbox, { approvalGroups: [] }));
    const image = (/** @type {string} */ digest) => `${sandbox.registry.domain}/${repository}@${digest}`;
    const request = await as.requestSigning({ productId: product.id, artifact: image(whole) });
    const end = await as.waitForSignature(request.id, quick);
    assert.equal(end.state, "signed", String(end.reason));
    const key = publicKey(product, undefined, await profileOf(sandbox)).pem;
    const verify = (/** @type {string} */ digest, recursive = false) =>
      verifyImage(image(digest), {
        publicKey: key,
        registry: { url: sandbox.registry.url },
        recursive,
        requireRepository: true,
      });
    const each = await Promise.all(parts.map((digest) => verify(digest)));
    return { parts, result: await verify(whole, true), each };
  } finally {
    await sandbox.close();
  }
}

test("without the option only the index is signed, as the reference says", async () => {
  const { result, each } = await signIndex([]);
  assert.equal(result.state, "unsigned");
  assert.deepEqual(
    each.map(({ state }) => state),
    ["unsigned", "unsigned"],
  );
});

test("with --sign-platforms the index is verified together with every image in it", async () => {
  const { result, each, parts } = await signIndex(["--sign-platforms"]);
  assert.equal(result.state, "verified", result.reason);
  assert.deepEqual(
    result.manifests?.map(({ digest, state }) => [digest, state]),
    parts.map((digest) => [digest, "verified"]),
  );
  assert.deepEqual(
    each.map(({ state }) => state),
    ["verified", "verified"],
  );
});
