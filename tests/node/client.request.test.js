// What is checked and what is sent when a signature is requested.
import assert from "node:assert/strict";
import { test } from "node:test";
import { productOf } from "../support/fake-service.js";
import { answer, fake, signed } from "../support/scripted-fetch.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const product = productOf("registry.example");

test("nothing is sent when the image is wrong", async () => {
  const { client, calls } = fake([]);
  const wrong = { productId: "p", operationId: "o", artifact: "library/nginx@sha256:00" };
  await assert.rejects(client.requestSigning(wrong), { code: "registry-missing" });
  assert.equal(calls.length, 0);
});

test("what is requested is what was passed, whatever becomes of it while the product is read", async () => {
  const { client, calls } = fake([answer(product), signed]);
  const metadata = [{ name: "Version", value: "1" }];
  const request = client.requestSigning({ productId: "p", artifact: image, metadata });
  metadata[0].value = "2";
  await request;
  assert.deepEqual(JSON.parse(calls[1].init.body).payload.metadata, [{ name: "Version", value: "1" }]);
});

test("all that is wrong with a request is said before the product is read", async () => {
  const right = { productId: "p", artifact: image };
  for (const input of [
    undefined,
    { ...right, metdata: [] },
    { ...right, metadata: [{ name: "Version", value: 1 }] },
    { ...right, description: "\u0007" },
    { ...right, operation: 7 },
    { ...right, operationId: 7 },
    { ...right, productId: ".." },
    { ...right, product: 0 },
    { ...right, metadata: [1n] },
  ]) {
    const { client, calls } = fake([]);
    await assert.rejects(client.requestSigning(/** @type {any} */ (input)), { code: "bad-input" });
    assert.equal(calls.length, 0);
  }
});

test("a product that is null is read by its id", async () => {
  const { client, calls } = fake([answer(product), signed]);
  const none = /** @type {any} */ (null);
  await client.requestSigning({ productId: "p", product: none, artifact: image, operation: "sign" });
  assert.equal(JSON.parse(calls[1].init.body).idProductOperation, "o");
});
