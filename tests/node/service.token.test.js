// Where the token comes from, how often the token function is called, and what a refused token leads to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError, SigningClient } from "ocisign";
import { answer, fake, signed, status } from "../support/scripted-fetch.js";
import { serviceClient } from "../support/scripted-service.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;

test("a refused token is replaced once, and the same one is not sent twice", async () => {
  let asked = 0;
  const { client, calls } = fake([status(401), signed], { token: async () => `token-${++asked}` });
  await client.reject("r1", { comment: "no" });
  assert.equal(calls[1].init.headers.Authorization, "Bearer token-2");
  assert.equal(calls[1].init.body, '{"comment":"no"}');

  const same = fake([status(401)], { token: () => "always-the-same" });
  await assert.rejects(same.client.products(), { code: "unauthorized" });
  assert.equal(same.calls.length, 1);
});

test("calls at the same time ask for one token together", async () => {
  let asked = 0;
  const { client } = fake([answer([]), answer([]), answer([])], { token: async () => `token-${++asked}` });
  await Promise.all([client.products(), client.products(), client.products()]);
  assert.equal(asked, 1);
});

test("a failing token function is named and kept as the cause", async () => {
  const fails = async () => {
    throw new Error("az: not signed in, secret");
  };
  await assert.rejects(fake([], { token: fails }).client.products(), (/** @type {any} */ error) => {
    assert.equal(error.code, "bad-token");
    assert.ok(!error.message.includes("secret"));
    return error.cause.message.includes("az");
  });
});

test("a token function that was aborted itself ends the requests that wait for it", async () => {
  const token = async () => {
    throw new OcisignError("aborted", "The sign-in was left.", "Sign in again.");
  };
  const { client } = fake([], { token });
  const request = () => client.requestSigning({ productId: "p", artifact: image });
  for (const settled of await Promise.allSettled([request(), request()])) {
    assert.ok(settled.status === "rejected");
    assert.equal(settled.reason.message, "The sign-in was left.");
  }
});

test("ten calls share one question for the token, and one for the next", async () => {
  let questions = 0;
  const refused = new Set();
  const token = async () => `token-${++questions}`;
  const fetch = async (_url, { headers }) => {
    const sent = headers.Authorization;
    const status = sent === "Bearer token-1" ? 401 : 200;
    if (status === 401) refused.add(sent);
    return { status, headers: new Map(), text: async () => "[]" };
  };
  const shared = serviceClient({ token, fetch });
  await Promise.all(Array.from({ length: 10 }, () => shared.products()));
  assert.equal(questions, 2);
  assert.equal(refused.size, 1);
});

test("what stands around a token is left out", async () => {
  for (const token of ["Bearer t0ken", ' "t0ken"\r\n', "\ufeffbearer  't0ken'", "'Bearer\tt0ken'"]) {
    /** @type {string[]} */
    const sent = [];
    const fetch = async (/** @type {string} */ _, /** @type {any} */ { headers }) => {
      sent.push(new Headers(headers).get("authorization") ?? "");
      return Response.json([]);
    };
    const baseUrl = "https://service.example/a";
    await new SigningClient({ baseUrl, token, fetch }).products();
    await new SigningClient({ baseUrl, token: async () => token, fetch }).products();
    assert.deepEqual(sent, ["Bearer t0ken", "Bearer t0ken"], JSON.stringify(token));
  }
});

test("JSON, UTF-16 and several lines are named, and not quoted", () => {
  for (const [token, message] of /** @type {[string, RegExp][]} */ ([
    ['{"access_token":"s3cret"}', /JSON/],
    ['[{"token":"s3cret"}]', /JSON/],
    [Buffer.from("s3cret", "utf16le").toString(), /UTF-16/],
    ["s3cret\ns3cret", /white space/],
    // Which are not searched again from each of them.
    [`s3cret${" ".repeat(2_000_000)}s3cret`, /white space/],
  ])) {
    assert.throws(
      () => new SigningClient({ baseUrl: "https://service.example/a", token }),
      (/** @type {any} */ error) =>
        error.code === "bad-token" && message.test(error.message) && !/s3cret/.test(error.message),
    );
  }
});
