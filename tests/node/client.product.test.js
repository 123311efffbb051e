// A product is read once for all requests that need it at the same time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { productOf } from "../support/fake-service.js";
import { sized } from "../support/large.js";
import { answer, fake, signed } from "../support/scripted-fetch.js";
import { service, serviceClient } from "../support/scripted-service.js";
import { watchedSignal } from "../support/signals.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const product = productOf("registry.example");

test("requests by the thousand, at once, ask for one token and one product, and leave a signal as it was", async () => {
  let [asked, read] = [0, 0];
  const { signal, listeners } = watchedSignal();
  const { client } = fake([], {
    token: async () => `token-${++asked}`,
    fetch: async (_, { method }) => {
      if (method !== "GET") return signed();
      read += 1;
      return answer(product)();
    },
  });
  const requests = Array.from({ length: sized(1000, 10_000) }, () =>
    client.requestSigning({ productId: "p", artifact: image }, { signal }),
  );
  for (const { state } of await Promise.all(requests)) assert.equal(state, "signed");
  assert.deepEqual([asked, read, listeners()], [1, 1, 0]);
});

test("who aborts does not take the others' product away", async () => {
  const first = new AbortController();
  let read = 0;
  let start;
  const started = new Promise((resolve) => {
    start = resolve;
  });
  const { client } = fake([], {
    fetch: async (_, { method, signal }) => {
      if (method === "POST") return signed();
      if (++read > 1) return answer(product)();
      start();
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  const input = { productId: "p", artifact: image };
  const aborted = client.requestSigning(input, { signal: first.signal });
  const others = [client.requestSigning(input), client.requestSigning(input)];
  await started;
  first.abort();
  await assert.rejects(aborted, { code: "aborted" });
  for (const { state } of await Promise.all(others)) assert.equal(state, "signed");
  assert.equal(read, 2);
});

test("a product is read once for many requests, and a broken read is not remembered", async () => {
  const product = {
    id: "p",
    productOperations: [{ id: "o", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: "a.b" }],
  };
  service.answers = [{ status: 403 }];
  const one = serviceClient();
  const ask = () => one.requestSigning({ productId: "p", artifact: `a.b/c@sha256:${"0".repeat(64)}` });
  await assert.rejects(ask(), { code: "forbidden" });
  service.asked = [];
  service.answers = [{ body: JSON.stringify(product) }, {}];
  await Promise.all(Array.from({ length: 5 }, ask));
  assert.equal(service.asked.filter(({ method }) => method === "GET").length, 1);
  assert.equal(service.asked.filter(({ method }) => method === "POST").length, 5);
  const elsewhere = { productId: "p", artifact: `a.b.evil.com/c@sha256:${"0".repeat(64)}` };
  service.asked = [];
  await assert.rejects(one.requestSigning(elsewhere), { code: "registry-mismatch" });
  assert.equal(service.asked.length, 0, "nothing was sent");
});

test("who aborts while a product is read for several ends only its own request", async () => {
  const product = {
    id: "p",
    productOperations: [{ id: "o", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: "a.b" }],
  };
  const bodies = { GET: JSON.stringify(product), POST: '{"id":"r1","status":2}' };
  let first = true;
  const fetch = async (_url, { method }) => {
    if (first) {
      first = false;
      return new Promise(() => {});
    }
    return { status: 200, headers: new Map(), text: async () => bodies[method] };
  };
  const shared = serviceClient({ fetch });
  const request = { productId: "p", artifact: `a.b/c@sha256:${"0".repeat(64)}` };
  const controller = new AbortController();
  const leaving = shared.requestSigning(request, { signal: controller.signal });
  const staying = shared.requestSigning(request);
  setImmediate(() => controller.abort());
  await assert.rejects(leaving, { code: "aborted" });
  assert.equal((await staying).id, "r1");
});
