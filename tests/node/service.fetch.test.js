// Any fetch will do, and none brings the client down.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { fetch as undiciFetch } from "undici";
import { fake } from "../support/scripted-fetch.js";
import { failure, service, serviceClient } from "../support/scripted-service.js";

test("a duck-typed reply is enough", async () => {
  const duck = {
    status: 200,
    headers: { get: () => null },
    text: async () => '{"id":"r1","status":2}',
  };
  assert.equal((await fake([duck]).client.signing("r1")).state, "unknown");
});

for (const [name, status] of [
  ["null", null],
  ["true", true],
  ["a text", "200"],
  ["a bigint", 200n],
  ["a list", [200]],
  ["an object that becomes a number", { valueOf: () => 200 }],
]) {
  test(`a reply whose status is ${name} is none`, async () => {
    const reply = { status, text: async () => '{"id":"r1","status":16}' };
    const { client } = fake([reply], { retry: { attempts: 1 } });
    await assert.rejects(client.signing("r1"), { name: "OcisignError", code: "network" });
  });
}

test("a fetch that throws what cannot be read is no reply", async () => {
  const hostile = new Error();
  Object.defineProperty(hostile, "cause", {
    get() {
      throw new Error("not for you");
    },
  });
  const { client } = fake([() => Promise.reject(hostile)]);
  await assert.rejects(client.approve("r1"), { name: "OcisignError", code: "network" });
});

test("a refused connection names the reason", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (closed.address());
  closed.close();
  await once(closed, "close");
  const error = await failure(() => serviceClient({ baseUrl: `http://127.0.0.1:${port}/` }).products());
  assert.equal(error.code, "network");
  assert.match(error.message, /ECONNREFUSED/);
});

test("undici's own fetch can take the place of the platform's", async () => {
  service.answers = [{}];
  service.asked = [];
  const signing = await serviceClient({ fetch: undiciFetch }).signing("r1");
  assert.equal(signing.state, "signed");
  assert.equal(service.asked[0].headers.authorization, "Bearer the-token");
});

test("a global fetch that was replaced by something simple does not bring the module down", async () => {
  const original = globalThis.fetch;
  try {
    const simple = { status: 200, headers: new Map(), text: async () => '{"id":"r1","status":16}' };
    globalThis.fetch = async () => /** @type {any} */ (simple);
    assert.equal((await serviceClient().signing("r1")).state, "signed");
    globalThis.fetch = () => Promise.reject("just a text");
    await assert.rejects(serviceClient().signing("r1"), { code: "network" });
    globalThis.fetch = async () => /** @type {any} */ (7);
    await assert.rejects(serviceClient().signing("r1"), { code: "network" });
  } finally {
    globalThis.fetch = original;
  }
  service.answers = [{}];
  assert.equal((await serviceClient().signing("r1")).state, "signed");
});
