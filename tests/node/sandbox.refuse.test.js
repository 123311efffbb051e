// What the sandbox refuses, whatever the client does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { quick } from "../support/sandbox.js";
import { as, image, product, sandbox } from "../support/signing-sandbox.js";

test("what is refused, and by whom", async () => {
  const request = () => as("requester").requestSigning({ productId: product.id, artifact: image });
  const { id } = await request();

  await assert.rejects(as("requester").approve(id), { code: "forbidden" }, "self-approval");
  await assert.rejects(as("outsider").approve(id), { code: "forbidden" });
  await assert.rejects(as("outsider").requestSigning({ productId: product.id, artifact: image }), {
    code: "forbidden",
  });
  await as("approver-one").approve(id);
  await assert.rejects(as("approver-one").approve(id), { code: "conflict" }, "twice");
  await assert.rejects(as("approver-two").reject(id, { comment: " " }), { code: "bad-input" });
  const rejected = await as("approver-two").reject(id, { comment: "wrong branch" });
  assert.equal(rejected.state, "rejected");
  await assert.rejects(as("approver-two").approve(id), { code: "conflict" });
  assert.equal(
    (await as("requester").waitForSignature(id, quick)).reason,
    "Rejected by Approver two: wrong branch",
  );

  await assert.rejects(as("requester").signing("no-such-id"), ({ code }) =>
    ["bad-request", "not-found"].includes(code),
  );
  await assert.rejects(as("requester").signing("00000000-0000-4000-8000-000000000000"), {
    code: "not-found",
  });
});

test("the domain rule holds on the server, whatever the client does", async () => {
  const elsewhere = image.replace("127.0.0.1", "127.0.0.1.evil.com");
  await assert.rejects(as("requester").requestSigning({ productId: product.id, artifact: elsewhere }), {
    code: "registry-mismatch",
  });
  const operationId = product.productOperations?.[0].id;
  const artifactURI = Buffer.from(elsewhere).toString("base64");
  const body = {
    name: "n",
    idProductOperation: operationId,
    description: "",
    payload: { name: "OCI sign request", metadata: [], optionalParameters: [{ artifactURI }] },
    productId: product.id,
  };
  const post = (bytes, headers = {}) =>
    fetch(`${sandbox.base}/imagesignings`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${sandbox.person("requester").token}`,
        "content-type": "application/json",
        ...headers,
      },
      body: bytes,
    });
  const refused = await post(JSON.stringify(body));
  assert.equal(refused.status, 403);
  assert.equal((await refused.json()).code, "registry-mismatch");

  // The reference's own two spellings are taken.
  for (const spelling of [
    Buffer.from(`${image}\n`).toString("base64"),
    Buffer.from(`${image}\n`).toString("base64").replace(/=+$/, ""),
  ]) {
    body.payload.optionalParameters = [{ artifactURI: spelling }];
    assert.equal((await post(JSON.stringify(body))).status, 201);
  }
  for (const bytes of [
    "",
    "{",
    "[]",
    "null",
    '"x"',
    "{}",
    '{"payload":3}',
    JSON.stringify({ ...body, payload: {} }),
  ]) {
    const reply = await post(bytes);
    assert.ok(reply.status >= 400 && reply.status < 500, `${bytes}: ${reply.status}`);
    const error = await reply.json();
    assert.ok(error.code && error.message && error.fix, bytes);
  }
  assert.equal((await post("{}", { authorization: "Bearer nonsense" })).status, 401);
});

test("a second credential for the same registry is refused", async () => {
  const call = (method, body) =>
    fetch(`${sandbox.base}/registrycredentials`, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.person("admin").token}`,
        "content-type": "application/json",
      },
      body: body && JSON.stringify(body),
    });
  const credential = { domain: "registry.example:5000", username: "u", password: "hunter2" };
  assert.equal((await call("POST", credential)).status, 201);
  const second = await call("POST", { ...credential, username: "v" });
  assert.equal(second.status, 409);
  const listed = await (await call("GET")).text();
  assert.ok(listed.includes("registry.example:5000") && !listed.includes("hunter2"));
});
