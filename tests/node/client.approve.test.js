// What an approval is bound to.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { answer, fake, signed } from "../support/scripted-fetch.js";

test("an approval is bound to what was shown", async () => {
  const request = (/** @type {string} */ uri) => ({
    id: "r1",
    status: 2,
    code: 2,
    state: /** @type {const} */ ("waiting"),
    final: /** @type {const} */ (false),
    name: "n",
    payload: { optionalParameters: [{ artifactURI: uri }] },
  });
  const changed = fake([answer(request("YmFk"))]);
  await assert.rejects(changed.client.approve("r1", { expect: request("Z29vZA==") }), {
    code: "changed",
    message: "The request changed since it was shown: payload.",
  });
  assert.equal(changed.calls.length, 1, "nothing was approved");

  const same = fake([answer(request("Z29vZA==")), signed]);
  await same.client.approve("r1", { expect: request("Z29vZA==") });
  assert.equal(
    same.calls[1].init.body,
    '{"expect":{"name":"n","payload":{"optionalParameters":[{"artifactURI":"Z29vZA=="}]}}}',
  );
  const other = { ...request("Z29vZA=="), id: "r2" };
  await assert.rejects(same.client.approve("r1", { expect: other }), { code: "bad-input" });
});

test("a number that JSON does not have is never taken for null", async () => {
  for (const [shown, now] of [
    ["1e400", "null"],
    ["-1e400", "null"],
    ["1e400", "1e400"],
    ["[1e400]", "[null]"],
  ]) {
    const text = (/** @type {string} */ build) => `{"id":"r1","status":2,"payload":{"build":${build}}}`;
    const { client, calls } = fake([{ status: 200, text: async () => text(now) }]);
    const refused = client.approve("r1", { expect: JSON.parse(text(shown)) });
    await assert.rejects(refused, { code: "bad-input" }, `${shown} and ${now}`);
    assert.equal(calls.filter(({ init }) => init.method === "POST").length, 0);
  }
  const { client } = fake([]);
  const expect = /** @type {any} */ ({ id: "r1", status: 2, payload: { build: Number.NaN } });
  await assert.rejects(client.approve("r1", { expect }), { code: "bad-input" });
});

test("the product's key is bound wherever it stands, and whatever the operation signs", async () => {
  const keyOf = () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return publicKey.export({ type: "spki", format: "der" }).toString("base64");
  };
  const [one, other] = [keyOf(), keyOf()];
  const profile = { publicKeyPath: "tokenInfo[].publicKey" };
  const request = { id: "r1", status: 2, productId: "p", idProductOperation: "o", payload: {} };
  for (const operationType of ["SignOCI", "DigestSigning", "DIGEST_SIGNING"]) {
    const product = (/** @type {string} */ publicKey) => ({
      ...{ id: "p", name: "P", productOperations: [{ id: "o", operationType }] },
      tokenInfo: [{ publicKey }],
    });
    const options = /** @type {any} */ ({ expect: request, expectProduct: product(one) });
    const changed = fake([answer(request), answer(product(other))], { profile });
    await assert.rejects(changed.client.approve("r1", options), {
      code: "changed",
      message: /^The product changed since it was shown: `?key/,
    });
    assert.equal(changed.calls.length, 2, operationType);
    const same = fake([answer(request), answer(product(one)), signed], { profile });
    await same.client.approve("r1", options);
  }
});
