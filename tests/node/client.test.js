// The client over a `fetch` that answers what it is told to, and writes down how it was called.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError, SigningClient } from "ocisign";
import { productOf } from "../support/fake-service.js";
import { watchedSignal } from "../support/signals.js";

const signed = () => new Response('{"id":"r1","status":16,"extra":{"kept":true}}');
const answer = (value, init) => () => new Response(JSON.stringify(value), init);
const status = (code, init) => () => new Response("", { status: code, ...init });

/** A client whose fetch gives these replies one after the other. */
function fake(replies, options = {}) {
  const calls = [];
  const left = [...replies];
  const fetch = async (url, init) => {
    calls.push({ url, init });
    const next = left.shift();
    return typeof next === "function" ? next(init) : next;
  };
  const baseUrl = "https://service.example/acme/api/v1/";
  const retry = { baseMs: 1, maxMs: 2000 };
  return {
    calls,
    client: new SigningClient({ baseUrl, token: " secret-token\n", fetch, retry, ...options }),
  };
}

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

test("a POST is not repeated after a doubt, and a GET is", async () => {
  const reset = () => {
    throw new TypeError("reset");
  };
  for (const [doubt, code] of [
    [status(500), "server-error"],
    [reset, "network"],
    [status(503), "server-error"],
  ]) {
    const post = fake([doubt, signed]);
    await assert.rejects(post.client.approve("r1"), { code });
    assert.equal(post.calls.length, 1);
    const get = fake([doubt, signed]);
    await get.client.signing("r1");
    assert.equal(get.calls.length, 2);
  }
  const limited = fake([status(429, { headers: { "Retry-After": "1" } }), signed]);
  await limited.client.approve("r1");
  assert.equal(limited.calls.length, 2);
});

for (const [reply, code] of [
  [() => new Response("<html>sign in"), "not-json"],
  [() => new Response(""), "not-json"],
  [() => new Response("{"), "not-json"],
  [answer([]), "bad-reply"],
  [answer(null), "bad-reply"],
  [answer({ status: 16 }), "bad-reply"],
  [answer({ id: "", status: 16 }), "bad-reply"],
  [answer({ id: "other", status: 16 }), "bad-reply"],
  [answer({ id: "r1" }), "bad-status"],
  [answer({ id: "r1", status: "16" }), "bad-status"],
  [answer({ id: "r1", status: 16.5 }), "bad-status"],
  [answer({ id: "r1", status: [16] }), "bad-status"],
  [status(400), "bad-request"],
  [status(403), "forbidden"],
  [status(404), "not-found"],
  [status(409), "conflict"],
  [status(429, { headers: { "retry-after": "3600" } }), "rate-limited"],
  [status(302, { headers: { location: "https://evil.example/" } }), "redirected"],
  [() => 7, "network"],
  [() => ({ status: 200 }), "network"],
  [() => ({ status: 200, text: () => 7 }), "network"],
  [() => ({ status: Number.NaN, text: () => "" }), "network"],
]) {
  test(`${reply} ends in ${code}`, async () => {
    const { client } = fake([reply, reply, reply, reply]);
    await assert.rejects(client.signing("r1"), (error) => {
      assert.ok(error instanceof OcisignError);
      assert.ok(error.message && error.fix);
      return error.code === code;
    });
  });
}

test("the service's words are shown without the token", async () => {
  const { client } = fake([answer({ message: "no s3cret, \u202e" }, { status: 403 })], { token: "s3cret" });
  await assert.rejects(client.products(), {
    message: "Reading the products: the service answered HTTP 403. It says: no [token], \\u{202e}",
  });
});

test("a duck-typed reply is enough", async () => {
  const duck = {
    status: 200,
    headers: { get: () => null },
    text: async () => '{"id":"r1","status":2}',
  };
  assert.equal((await fake([duck]).client.signing("r1")).state, "unknown");
});

test("nothing is sent when the image is wrong", async () => {
  const { client, calls } = fake([]);
  const wrong = { productId: "p", operationId: "o", artifact: "library/nginx@sha256:00" };
  await assert.rejects(client.requestSigning(wrong), { code: "registry-missing" });
  assert.equal(calls.length, 0);
});

test("an approval is bound to what was shown", async () => {
  const request = (uri) => ({
    id: "r1",
    status: 2,
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

test("a wait sees each status and ends with the final one", async () => {
  const reply = (code) => answer({ id: "r1", status: code });
  const { client } = fake([reply(2), reply(2), reply(8), reply(16)]);
  const seen = [];
  const options = { intervalMs: 1, maxIntervalMs: 2, onStatus: ({ code }) => seen.push(code) };
  assert.equal((await client.waitForSignature("r1", options)).state, "signed");
  assert.deepEqual(seen, [2, 8, 16]);

  const endless = fake(Array.from({ length: 99 }, () => reply(2)));
  await assert.rejects(
    endless.client.waitForSignature("r1", { timeoutMs: 5, intervalMs: 1, maxIntervalMs: 1 }),
    { code: "timeout" },
  );
});

test("aborts and time limits have names", async () => {
  const hang = (init) =>
    new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)));
  const controller = new AbortController();
  const call = fake([hang]).client.products({ signal: controller.signal });
  controller.abort("enough");
  await assert.rejects(call, { code: "aborted", cause: "enough" });

  const { client, calls } = fake([]);
  await assert.rejects(client.products({ signal: AbortSignal.abort() }), { code: "aborted" });
  assert.equal(calls.length, 0);

  const slow = fake([hang], { timeoutMs: 1, retry: { attempts: 1 } });
  await assert.rejects(slow.client.products(), { code: "timeout" });
});

test("options are checked", () => {
  const right = { baseUrl: "https://a.b", token: "t" };
  for (const [options, code] of [
    [undefined, "bad-input"],
    [{}, "bad-input"],
    [{ baseUrl: "http://service.example", token: "t" }, "bad-url"],
    [{ baseUrl: "https://a.b" }, "bad-input"],
    [{ ...right, token: "" }, "bad-token"],
    [{ ...right, token: "two words" }, "bad-token"],
    [{ ...right, timeout: 3 }, "bad-input"],
    [{ ...right, timeoutMs: 0 }, "bad-input"],
    [{ ...right, fetch: 3 }, "bad-input"],
    [{ ...right, profile: { statuses: { 1: "no" } } }, "bad-profile"],
    [{ ...right, retry: { tries: 3 } }, "bad-input"],
    [{ ...right, retry: { attempts: 1.5 } }, "bad-input"],
  ]) {
    assert.throws(() => new SigningClient(options), { name: "OcisignError", code }, JSON.stringify(options));
  }
});

test("a failing token function is named and kept as the cause", async () => {
  const fails = async () => {
    throw new Error("az: not signed in, secret");
  };
  await assert.rejects(fake([], { token: fails }).client.products(), (error) => {
    assert.equal(error.code, "bad-token");
    assert.ok(!error.message.includes("secret"));
    return error.cause.message.includes("az");
  });
});

test("a client shows its secrets to nobody", () => {
  const { client } = fake([]);
  assert.ok(!JSON.stringify(client).includes("secret"));
  assert.deepEqual(Object.keys(client), []);
});

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const product = productOf("registry.example");

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
    await assert.rejects(client.requestSigning(input), { code: "bad-input" });
    assert.equal(calls.length, 0);
  }
});

test("a product that is null is read by its id", async () => {
  const { client, calls } = fake([answer(product), signed]);
  await client.requestSigning({ productId: "p", product: null, artifact: image, operation: "sign" });
  assert.equal(JSON.parse(calls[1].init.body).idProductOperation, "o");
});

test("ten thousand requests at once ask for one token and one product, and leave a signal as it was", async () => {
  let [asked, read] = [0, 0];
  const { signal, listeners } = watchedSignal();
  const { client } = fake([], {
    token: async () => `token-${++asked}`,
    fetch: async (_, { method }) => (method === "GET" ? answer(product)(++read) : signed()),
  });
  const requests = Array.from({ length: 10_000 }, () =>
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

test("a token function that was aborted itself ends the requests that wait for it", async () => {
  const token = async () => {
    throw new OcisignError("aborted", "The sign-in was left.", "Sign in again.");
  };
  const { client } = fake([], { token });
  const request = () => client.requestSigning({ productId: "p", artifact: image });
  for (const { reason } of await Promise.allSettled([request(), request()])) {
    assert.equal(reason.message, "The sign-in was left.");
  }
});

for (const status of [null, true, "200", 200n, [200], { valueOf: () => 200 }]) {
  test(`a reply whose status is ${typeof status} is none`, async () => {
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

test("onStatus may be asynchronous, and its failure ends the wait", async () => {
  const { client } = fake([answer({ id: "r1", status: 2 })]);
  const onStatus = async () => {
    throw new Error("the log is full");
  };
  await assert.rejects(client.waitForSignature("r1", { onStatus }), /the log is full/);
});

test("options are objects with fields, and filters too", async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const { client, calls } = fake([answer([])]);
  for (const options of [null, 7, "x", [], () => {}, proxy]) {
    await assert.rejects(client.products(options), { code: "bad-input" });
    assert.throws(() => new SigningClient(options), { code: "bad-input" });
  }
  for (const filter of [null, "a=1", ["a"], new Map([["a", 1]]), new URLSearchParams("a=1"), { a: -1 }]) {
    await assert.rejects(client.signings(filter), { code: "bad-input" });
  }
  assert.equal(calls.length, 0);
  await client.signings({ "a b": "c+d é", none: undefined, one: 1 });
  assert.equal(calls[0].url.split("?")[1], "a%20b=c%2Bd%20%C3%A9&one=1");
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
