// From a request to a signature that holds, or to the reason why there is none.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodeArtifactUri, parseReference, publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { digestOf } from "../../demo/registry.js";
import { prove } from "../support/proof.js";
import { groupA, groupB, productFor, profileOf, quick, temporaryFolder } from "../support/sandbox.js";
import { as, image, product, registry, sandbox } from "../support/signing-sandbox.js";

async function approvedByBoth(id) {
  for (const role of ["approver-one", "approver-two"]) {
    const approver = as(role);
    await approver.approve(id, { expect: await approver.signing(id) });
  }
}

test("request, two approvals, 16, and a signature that holds", async () => {
  const requester = as("requester");
  const request = await requester.requestSigning({
    productId: product.id,
    artifact: image,
    description: "for the release",
    metadata: [{ name: "Version", value: "v1.0" }],
  });
  assert.equal(request.state, "waiting");
  assert.equal(request.productId, product.id);
  assert.equal(decodeArtifactUri(String(request.payload?.optionalParameters?.[0].artifactURI)), image);
  await assert.rejects(requester.waitForSignature(request.id, { ...quick, timeoutMs: 50 }), {
    code: "timeout",
  });

  const seen = [];
  const done = requester.waitForSignature(request.id, {
    ...quick,
    onStatus: ({ state }) => seen.push(state),
  });
  await approvedByBoth(request.id);
  const signed = await done;
  assert.deepEqual([signed.status, signed.state, signed.final], [16, "signed", true]);
  assert.equal(seen.at(-1), "signed");

  const shown = await requester.product(product.id);
  const key = publicKey(shown, undefined, await profileOf(sandbox));
  await prove(registry, image, key.pem);
  assert.ok((await requester.signings()).some(({ id }) => id === request.id));
  assert.ok((await requester.products()).some(({ id }) => id === product.id));
});

test("openssl verifies the signature's bytes with the PEM of publicKey, for RSA and EC", async () => {
  const { folder, remove } = temporaryFolder("openssl");
  try {
    for (const keyType of ["RSA4096", "RSA3072", "secp256r1", "secp384r1", "secp521r1"]) {
      const made = await as("requester").createProduct(
        productFor(sandbox, { name: keyType, keyType, approvalGroups: [] }),
      );
      const key = publicKey(made, undefined, await profileOf(sandbox));
      assert.equal(key.keyType, keyType);
      const place = `openssl/${keyType.toLowerCase()}`;
      const target = `${sandbox.registry.domain}/${place}@${await pushImage(registry, place)}`;
      const request = await as("requester").requestSigning({ productId: made.id, artifact: target });
      const end = await as("requester").waitForSignature(request.id, quick);
      assert.equal(end.state, "signed", String(end.reason));
      const { repository, digest } = parseReference(target);
      const manifest = JSON.parse(
        String(await registry.manifest(repository, `${digest.replace(":", "-")}.sig`)),
      );
      const [layer] = manifest.layers;
      const payload = await registry.blob(repository, layer.digest);
      assert.equal(digestOf(payload), layer.digest);
      const file = (name, bytes) => {
        writeFileSync(join(folder, name), bytes);
        return join(folder, name);
      };
      const signature = Buffer.from(layer.annotations["dev.cosignproject.cosign/signature"], "base64");
      const args = (bytes) => [
        ...["dgst", "-sha256", "-verify", file("key.pem", key.pem)],
        ...["-signature", file("signature", signature), file("payload", bytes)],
      ];
      assert.match(execFileSync("openssl", args(payload), { encoding: "utf8" }), /Verified OK/);
      const changed = Buffer.from(payload.toString().replace("critical", "criticaL"));
      assert.throws(() => execFileSync("openssl", args(changed), { stdio: "pipe" }), { status: 1 });
    }
  } finally {
    remove();
  }
});

test("a second signature keeps the first", async () => {
  const target = `${sandbox.registry.domain}/team/twice@${await pushImage(registry, "team/twice")}`;
  const { repository, digest } = parseReference(target);
  const keys = [];
  for (const name of ["first", "second"]) {
    const made = await as("requester").createProduct(productFor(sandbox, { name, approvalGroups: [] }));
    keys.push(publicKey(made, undefined, await profileOf(sandbox)));
    const request = await as("requester").requestSigning({ productId: made.id, artifact: target });
    assert.equal((await as("requester").waitForSignature(request.id, quick)).state, "signed");
  }
  const manifest = JSON.parse(String(await registry.manifest(repository, `${digest.replace(":", "-")}.sig`)));
  assert.equal(manifest.layers.length, 2);
  for (const key of keys) await prove(registry, target, key.pem);
});

test("a push that fails ends in 64 with a reason", async () => {
  const missing = `${sandbox.registry.domain}/team/missing@sha256:${"0".repeat(64)}`;
  const made = await as("requester").createProduct(productFor(sandbox, { name: "auto", approvalGroups: [] }));
  const request = await as("requester").requestSigning({ productId: made.id, artifact: missing });
  const end = await as("requester").waitForSignature(request.id, quick);
  assert.equal(end.status, 64);
  assert.equal(end.state, "failed");
  assert.ok(end.reason);
});

test("blanket groups are approved beforehand", async () => {
  const made = await as("requester").createProduct(
    productFor(sandbox, { name: "blanket", approvalGroups: [groupB], blanketGroups: [groupA] }),
  );
  const request = await as("requester").requestSigning({ productId: made.id, artifact: image });
  assert.equal((await as("requester").waitForSignature(request.id, quick)).state, "signed");
});
