// The token and what carries it stand in no error and in no client that is shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { answer, fake } from "../support/scripted-fetch.js";
import { failure, serviceClient } from "../support/scripted-service.js";

test("the service's words are shown without the token", async () => {
  const { client } = fake([answer({ message: "no s3cret, \u202e" }, { status: 403 })], { token: "s3cret" });
  await assert.rejects(client.products(), {
    message: "Reading the products: the service answered HTTP 403. It says: no [token], \\u{202e}",
  });
});

test("a client shows its secrets to nobody", () => {
  const { client } = fake([]);
  assert.ok(!JSON.stringify(client).includes("secret"));
  assert.deepEqual(Object.keys(client), []);
});

test("the error of a platform's fetch is kept as the cause, unless it quotes the token", async (t) => {
  const failing = async (error) => {
    t.mock.method(globalThis, "fetch", () => Promise.reject(error));
    const { client } = fake([], { fetch: undefined });
    return client.approve("r1").catch((it) => it);
  };
  const plain = new TypeError("fetch failed");
  assert.equal((await failing(plain)).cause, plain);
  for (const error of [
    new Error("refused: Bearer secret-token"),
    new Error("fetch failed", { cause: new Error("Bearer secret-token") }),
    new Error("Bearer secret-token", { cause: new Error("refused") }),
  ]) {
    const { code, message, cause } = await failing(error);
    assert.deepEqual([code, cause], ["network", undefined]);
    assert.doesNotMatch(message, /secret-token/);
  }
});

test("a token in the middle of a refused reply, or of its own error, is never shown", async () => {
  const token = "very-secret-token";
  const error = await failure(() => serviceClient({ token }).products(), {
    status: 403,
    body: JSON.stringify({ message: `bad ${token}` }),
  });
  assert.ok(!JSON.stringify([error.message, error.fix, error.stack]).includes(token));
  assert.throws(
    () => serviceClient({ token: `${token}\u0000` }),
    (/** @type {Error} */ thrown) => !thrown.message.includes(token),
  );
});

test("a fetch that quotes the token in its error does not get it into ours", async () => {
  const fetch = (_url, { headers }) => {
    throw new Error(`bad header ${headers.Authorization}`);
  };
  const error = await failure(() => serviceClient({ token: "s3cret", fetch }).products(), {});
  assert.equal(error.code, "network");
  assert.ok(!inspect(error).includes("s3cret"), inspect(error));
});
