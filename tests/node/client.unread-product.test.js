// A person who may request, but may not read products: does the request go out, and does the caller hear of it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { changesBetween, OcisignError } from "ocisign";
import { answer, fake, signed, status } from "../support/scripted-fetch.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const withheld = answer({ message: "readers only" }, { status: 403 });
const ids = { productId: "p", operationId: "o", artifact: image };

test("with both ids the request goes out, and the result says why it was not checked", async () => {
  const { client, calls } = fake([withheld, signed]);
  const request = await client.requestSigning({ ...ids, description: "Release 1.2" });
  assert.deepEqual(
    calls.map(({ url, init }) => `${init.method} ${url.split("/api/v1/")[1]}`),
    ["GET products/p", "POST imagesignings"],
  );
  const body = JSON.parse(calls[1].init.body);
  assert.deepEqual([body.productId, body.idProductOperation, body.description], ["p", "o", "Release 1.2"]);
  assert.ok(request.unchecked instanceof OcisignError);
  assert.equal(request.unchecked.code, "forbidden");
  assert.match(request.unchecked.message, /readers only/);
  // It is no part of the request: no copy, list or comparison sees it.
  assert.ok(!Object.keys(request).includes("unchecked"));
  assert.deepEqual(changesBetween(request, { ...request }), []);
});

test("a product that may be read is checked, and nothing is said", async () => {
  const elsewhere = {
    id: "p",
    productOperations: [{ id: "o", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: "other.example" }],
  };
  const refused = fake([answer(elsewhere), signed]);
  await assert.rejects(refused.client.requestSigning(ids), { code: "registry-mismatch" });
  assert.equal(refused.calls.length, 1);
  const productConfigItems = [{ name: "RegistryURL", value: "registry.example" }];
  const { client } = fake([answer({ ...elsewhere, productConfigItems }), signed]);
  assert.equal((await client.requestSigning(ids)).unchecked, undefined);
});

test("without an operation's id it stops, and says to give one", async () => {
  for (const input of [
    { productId: "p", artifact: image },
    { productId: "p", operation: "OCI sign", artifact: image },
  ]) {
    const { client, calls } = fake([withheld, signed]);
    /** @type {any} */
    const error = await client.requestSigning(input).then(
      () => assert.fail("it was sent"),
      (thrown) => thrown,
    );
    assert.equal(error.code, "forbidden");
    assert.match(error.message, /readers only/);
    assert.match(error.fix, /operationId/);
    assert.equal(calls.length, 1);
  }
});

test("anything but a 403 stops it, also with both ids", async () => {
  const replies = [
    [answer({}, { status: 404 }), "not-found"],
    [answer({}, { status: 400 }), "bad-request"],
    [answer({ id: "another" }), "bad-reply"],
    [() => new Response("<html>"), "not-json"],
    [() => Promise.reject(new Error("no way")), "network"],
  ];
  for (const [reply, code] of replies) {
    const { client, calls } = fake([reply], { retry: { attempts: 1 } });
    await assert.rejects(client.requestSigning(ids), { code });
    assert.equal(calls.length, 1, `${code}`);
  }
  const { client, calls } = fake([status(401), status(401)], { token: () => "same" });
  await assert.rejects(client.requestSigning(ids), { code: "unauthorized" });
  assert.ok(calls.every(({ init }) => init.method === "GET"));
});

test("what the service says of the request itself is an error, as always", async () => {
  const { client, calls } = fake([withheld, answer({ message: "not your group" }, { status: 403 })]);
  await assert.rejects(client.requestSigning(ids), { code: "forbidden", message: /not your group/ });
  assert.equal(calls.length, 2);
});
