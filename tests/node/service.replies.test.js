// What each reply of the service means.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError, waitAndVerify } from "ocisign";
import { answer, fake, signed, status } from "../support/scripted-fetch.js";
import { failure, getting, posting, service, serviceClient } from "../support/scripted-service.js";

test("a reply keeps its fields and its status is decoded", async () => {
  const { client, calls } = fake([signed]);
  assert.equal(
    JSON.stringify(await client.signing("r1")),
    '{"id":"r1","status":16,"extra":{"kept":true},"code":16,"state":"signed","final":true}',
  );
  const [{ url, init }] = calls;
  assert.equal(url, "https://service.example/acme/api/v1/imagesignings/r1");
  assert.deepEqual(init.headers, { accept: "application/json", Authorization: "Bearer secret-token" });
  assert.equal(init.redirect, "manual");
});

for (const [name, reply, code] of [
  ["a page", () => new Response("<html>sign in"), "not-json"],
  ["nothing", () => new Response(""), "not-json"],
  ["half of some JSON", () => new Response("{"), "not-json"],
  ["a list", answer([]), "bad-reply"],
  ["null", answer(null), "bad-reply"],
  ["a request without an id", answer({ status: 16 }), "bad-reply"],
  ["a request with an empty id", answer({ id: "", status: 16 }), "bad-reply"],
  ["another request", answer({ id: "other", status: 16 }), "bad-reply"],
  ["a request without a status", answer({ id: "r1" }), "bad-status"],
  ["a status that is a text", answer({ id: "r1", status: "16" }), "bad-status"],
  ["a status that is no whole number", answer({ id: "r1", status: 16.5 }), "bad-status"],
  ["a status that is a list", answer({ id: "r1", status: [16] }), "bad-status"],
  ["HTTP 400", status(400), "bad-request"],
  ["HTTP 403", status(403), "forbidden"],
  ["HTTP 404", status(404), "not-found"],
  ["HTTP 409", status(409), "conflict"],
  ["HTTP 429 for an hour", status(429, { headers: { "retry-after": "3600" } }), "rate-limited"],
  [
    "a redirect to another origin",
    status(302, { headers: { location: "https://evil.example/" } }),
    "redirected",
  ],
  ["a number in place of a reply", () => 7, "network"],
  ["a reply without a body", () => ({ status: 200 }), "network"],
  ["a reply whose body is a number", () => ({ status: 200, text: () => 7 }), "network"],
  ["a reply whose status is NaN", () => ({ status: Number.NaN, text: () => "" }), "network"],
]) {
  test(`${name} ends in ${code}`, async () => {
    const { client } = fake([reply, reply, reply, reply]);
    await assert.rejects(client.signing("r1"), (error) => {
      assert.ok(error instanceof OcisignError);
      assert.ok(error.message && error.fix);
      return error.code === code;
    });
  });
}

for (const [name, answer, code, tries] of /** @type {const} */ ([
  [
    "a page of HTML",
    { body: "<!doctype html><p>sign in", headers: { "content-type": "text/html" } },
    "not-json",
    1,
  ],
  ["something that is not JSON", { body: "{" }, "not-json", 1],
  ["nothing", { body: "" }, "not-json", 1],
  ["no id", { body: '{"status":16}' }, "bad-reply", 1],
  ["a status that is a text", { body: '{"id":"r1","status":"16"}' }, "bad-status", 1],
  ["401", { status: 401 }, "unauthorized", 1],
  ["403", { status: 403, body: '{"message":"not your group"}' }, "forbidden", 1],
  ["404", { status: 404 }, "not-found", 1],
  ["409", { status: 409 }, "conflict", 1],
  ["429 for long", { status: 429, headers: { "retry-after": "120" } }, "rate-limited", 1],
  ["429 again and again", { status: 429 }, "rate-limited", 2],
  ["a redirect", { status: 302, headers: { location: "https://evil.example/" } }, "redirected", 1],
])) {
  test(`${name}: GET and POST end in ${code}`, async () => {
    for (const call of [getting, posting]) {
      const error = await failure(call, answer);
      assert.equal(error.name, "OcisignError");
      assert.equal(error.code, code);
      assert.ok(error.message && error.fix);
      assert.equal(service.asked.length, tries);
    }
  });
}

test("a reply about something else is refused", async () => {
  service.answers = [{ body: '{"id":"other","status":16}' }];
  for (const call of [
    () => serviceClient().signing("r1"),
    () => serviceClient().approve("r1"),
    () => serviceClient().reject("r1", { comment: "no" }),
    () => serviceClient().product("r1"),
    () => serviceClient().waitForSignature("r1"),
  ]) {
    await assert.rejects(call(), { code: "bad-reply" });
  }
  const artifactURI = Buffer.from(`a.b/evil@sha256:${"0".repeat(64)}`).toString("base64");
  service.answers = [
    { body: JSON.stringify({ id: "r1", status: 2, payload: { optionalParameters: [{ artifactURI }] } }) },
  ];
  const ids = { productId: "p", operationId: "o" };
  const product = {
    id: "p",
    productOperations: [{ id: "o", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: "a.b" }],
  };
  const wanted = `a.b/c@sha256:${"0".repeat(64)}`;
  await assert.rejects(serviceClient().requestSigning({ ...ids, product, artifact: wanted }), {
    code: "bad-reply",
    message: /another image/,
  });
  service.answers = [
    {
      body: JSON.stringify({
        id: "r1",
        status: 16,
        productId: "p",
        payload: { optionalParameters: [{ artifactURI }] },
      }),
    },
  ];
  await assert.rejects(waitAndVerify(serviceClient(), "r1", { reference: wanted }), {
    code: "bad-reply",
    message: /another image/,
  });
});
