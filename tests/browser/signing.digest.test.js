// <ocisign-signing> with a request for the signature of a digest: does the approver see of which image it is, and only if
// that is so?
import assert from "node:assert/strict";
import { test } from "node:test";
import { requestDigestSigning, signingPayload } from "ocisign";
import { checkAccessibility } from "../support/axe.js";
import { digestProductFor } from "../support/digest-product.js";
import { isReady, shownText, state, useSigningOnSandbox } from "../support/signing-element.js";

const on = useSigningOnSandbox();

test("the image is shown with its digest, and the request is approved as for an image", async () => {
  const client = on.as("requester");
  const product = await client.createProduct(digestProductFor(on.sandbox, { name: "digests" }));
  const { signing, digest } = await requestDigestSigning(client, {
    ...{ product, reference: on.image, format: "bundle" },
  });
  await on.as("approver-one").approve(signing.id);
  const { page, complaints } = await on.openAs("approver-two", signing.id);
  await page.locator('[part="subject"]', { hasText: digest }).waitFor();
  const subject = await shownText(page, '[part="subject"]');
  const imageDigest = on.image.split("@")[1] ?? "";
  for (const part of [imageDigest, "that of the image's signature in bundle"]) {
    assert.ok(subject.includes(part), `${part}: ${subject}`);
  }
  await page.locator('[data-match="good"]').waitFor();
  await checkAccessibility(page, "a digest");
  await page.locator("#tail").fill(imageDigest.slice(-8));
  await isReady(page).waitFor();
  await page.locator("#approve").click();
  await page.getByRole("heading", { name: "Approval recorded" }).waitFor();
  await state(page, "signed (16)").waitFor();
  assert.equal(
    await page.locator('[part="changed"]').count(),
    0,
    "the signature is no change of the request",
  );
  assert.equal((await client.signing(signing.id)).approvals?.length, 2);
  assert.deepEqual(complaints, []);
});

test("a digest of another image is shown as what it is, and cannot be approved", async () => {
  const client = on.as("requester");
  const product = await client.createProduct(digestProductFor(on.sandbox, { name: "digests again" }));
  const other = await on.pushed("team/other", "another one\n");
  const { sha256 } = await signingPayload(other, "simple-signing");
  const reply = await fetch(`${on.sandbox.base}/imagesignings`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${on.sandbox.person("requester").token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      ...{ name: "Digest signing", description: "", productId: product.id },
      idProductOperation: product.productOperations?.[1]?.id,
      payload: {
        name: "",
        metadata: [
          { name: "Image", value: on.image },
          { name: "Signature format", value: "simple-signing" },
        ],
        optionalParameters: [
          { digest: Buffer.from(sha256, "hex").toString("base64"), hashAlgorithm: "SHA256" },
        ],
      },
    }),
  });
  const { id } = await reply.json();
  const { page } = await on.openAs("approver-one", id);
  await page.locator('[part="subject"]', { hasText: sha256 }).waitFor();
  const subject = await shownText(page, '[part="subject"]');
  assert.ok(subject.includes("not that of the image which the requester names"), subject);
  assert.equal(await isReady(page).count(), 0);
});
