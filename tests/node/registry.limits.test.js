// Size limits, time limits and signals of the registry client.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import {
  blobPath,
  challenge,
  clientFor,
  digest,
  failure,
  manifest,
  manifestFailure,
  manifestPath,
  manifestType,
  serve,
} from "../support/scripted-registry.js";

/** Nothing, half a head, or half a body; `arrived` resolves when it hangs. @param {string} kind */
function hanging(kind) {
  let hangs = () => {};
  /** @type {Promise<void>} */
  const arrived = new Promise((resolve) => {
    hangs = resolve;
  });
  const raw = (/** @type {import("node:http").ServerResponse} */ response) => {
    if (kind === "half-way") {
      response.writeHead(200, { "content-type": manifestType, "content-length": 100 });
      response.write("{", () => hangs());
    } else hangs();
  };
  return { arrived, answer: { raw } };
}

test("too large: by what is announced, by what comes, and through a fetch without a stream", async () => {
  const announced = {
    raw: (response) => {
      response.writeHead(200, { "content-type": manifestType, "content-length": 200 * 1024 * 1024 });
      response.write("{");
    },
  };
  let closed;
  const endless = {
    raw: (response) => {
      response.writeHead(200, { "content-type": manifestType });
      closed = once(response, "close");
      const more = () => response.write("x".repeat(65_536), (error) => error || more());
      more();
    },
  };
  for (const answer of [announced, endless]) {
    const { error } = await manifestFailure(answer);
    assert.equal(error.code, "bad-reply");
    assert.match(error.message, /larger than/);
  }
  await closed;

  const registry = await serve({ [manifestPath]: manifest, [blobPath]: { body: "12345" } });
  const blob = (maxBytes, options) => clientFor(registry, options).blob("team/app", digest, { maxBytes });
  assert.equal((await blob(5)).length, 5);
  assert.equal((await failure(blob(4))).code, "bad-reply");
  const plain = async (url, init) => {
    const reply = await fetch(url, init);
    return { status: reply.status, headers: { get: () => null }, text: () => reply.text() };
  };
  assert.equal((await failure(blob(4, { fetch: plain }))).code, "bad-reply");
});

for (const kind of ["at once", "half-way"]) {
  test(`a registry that hangs ${kind} is left after the time limit`, async () => {
    const { error } = await manifestFailure(hanging(kind).answer, { timeoutMs: 50 });
    assert.equal(error.code, "timeout");
  });

  test(`the caller's signal ends a call to a registry that hangs ${kind}`, async () => {
    const { arrived, answer } = hanging(kind);
    const registry = await serve({ [manifestPath]: answer });
    const controller = new AbortController();
    const call = failure(clientFor(registry, { signal: controller.signal }).manifest("team/app", "1.0"));
    await arrived;
    const reason = new Error("enough");
    controller.abort(reason);
    const error = await call;
    assert.deepEqual([error.code, error.cause], ["aborted", reason]);
  });
}

test("limit and signal hold for a fetch that does not heed them, for a token service, and for a wait", async () => {
  const deaf = { timeoutMs: 30, fetch: () => new Promise(() => {}) };
  assert.equal((await failure(clientFor({ domain: "a.example" }, deaf).manifest("a", "1"))).code, "timeout");
  const tokens = await serve({ "/token": hanging("at once").answer });
  const www = challenge(`Bearer realm="${tokens.origin}/token"`);
  assert.equal((await manifestFailure(www, { timeoutMs: 50 })).error.code, "timeout");
  const slow = { status: 429, headers: { "retry-after": "9" } };
  assert.equal((await manifestFailure(slow, { timeoutMs: 50 })).error.code, "timeout");
});

test("a signal that has fired already lets nothing be sent, and none is left listening", async () => {
  const registry = await serve({ [manifestPath]: manifest });
  const fetch = async () => assert.fail("sent");
  const aborted = clientFor(registry, { fetch, signal: AbortSignal.abort() }).manifest("team/app", "1.0");
  assert.equal((await failure(aborted)).code, "aborted");
  const { signal } = new AbortController();
  let listening = 0;
  for (const [name, step] of /** @type {const} */ ([
    ["addEventListener", 1],
    ["removeEventListener", -1],
  ])) {
    const real = signal[name].bind(signal);
    signal[name] = (/** @type {[any, any]} */ ...args) => {
      listening += step;
      return real(...args);
    };
  }
  await clientFor(registry, { signal }).manifest("team/app", "1.0");
  assert.equal(listening, 0);
});
