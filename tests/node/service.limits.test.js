// Time limits and signals.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { fake } from "../support/scripted-fetch.js";
import { failure, service, serviceClient } from "../support/scripted-service.js";

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

test("a service that hangs is left after the time limit", async (t) => {
  // What was sent counts, which on a busy machine may not have arrived within the limit.
  const sent = t.mock.method(globalThis, "fetch");
  const error = await failure(() => serviceClient({ timeoutMs: 30 }).approve("r1"), { hang: true });
  assert.equal(error.code, "timeout");
  assert.equal(sent.mock.callCount(), 1);
  assert.match(error.fix, /may have accepted it anyway/);
});

test("an abort ends a call under way, and its wait", async () => {
  const controller = new AbortController();
  service.answers = [{ hang: true }];
  const call = serviceClient().products({ signal: controller.signal });
  setImmediate(() => controller.abort(new Error("enough")));
  await assert.rejects(call, { code: "aborted" });
});

test("time limits and signals hold, even for a fetch, a body or a token that do not heed them", async () => {
  const never = new Promise(() => {});
  const headers = new Map();
  const abort = () => AbortSignal.timeout(20);
  for (const [options, code] of /** @type {const} */ ([
    [{ fetch: () => never, timeoutMs: 20, retry: { attempts: 1 } }, "timeout"],
    [
      {
        fetch: async () => ({ status: 200, headers, text: () => never }),
        timeoutMs: 20,
        retry: { attempts: 1 },
      },
      "timeout",
    ],
  ])) {
    await assert.rejects(serviceClient(options).products(), { code });
  }
  for (const options of [
    { fetch: () => never },
    { fetch: async () => ({ status: 200, headers, text: () => never }) },
    { token: () => never },
  ]) {
    await assert.rejects(serviceClient(options).products({ signal: abort() }), { code: "aborted" });
  }
  const image = `a.b/c@sha256:${"0".repeat(64)}`;
  const waiting = serviceClient({ fetch: () => never }).requestSigning(
    { productId: "p", artifact: image },
    { signal: abort() },
  );
  await assert.rejects(waiting, { code: "aborted" });
  await assert.rejects(serviceClient({ fetch: () => never }).waitForSignature("r1", { timeoutMs: 20 }), {
    code: "timeout",
    message: /could not be read/,
  });
  service.answers = [{}];
  assert.equal((await serviceClient({ timeoutMs: Number.POSITIVE_INFINITY }).signing("r1")).state, "signed");
});

/** The longest reply that is read. */
const most = 256 * 1024 * 1024;

/** A reply that never ends, and how much of it was taken. @param {ResponseInit} [init] */
function endless(init) {
  const piece = new Uint8Array(8 * 1024 * 1024).fill(0x20);
  const taken = { bytes: 0, isLeft: false };
  const body = new ReadableStream({
    pull(controller) {
      taken.bytes += piece.length;
      // What reads on all the same must not take the machine with it.
      if (taken.bytes > 2 * most) controller.close();
      else controller.enqueue(piece);
    },
    cancel() {
      taken.isLeft = true;
    },
  });
  return { taken, reply: new Response(body, init) };
}

for (const [name, status, ask, taken] of /** @type {const} */ ([
  ["a list", 200, (client) => client.signings(), "no"],
  ["a request", 400, (client) => client.signing("r1"), "no"],
  ["a decision", 200, (client) => client.approve("r1"), "maybe"],
])) {
  test(`${name} with HTTP ${status} that never ends is left, and not asked for again`, async (t) => {
    const { reply, taken: read } = endless({ status });
    const asked = t.mock.method(globalThis, "fetch", async () => reply);
    await assert.rejects(ask(serviceClient()), { code: "bad-reply", taken, message: /268435456 bytes/ });
    assert.equal(asked.mock.callCount(), 1);
    assert.ok(read.isLeft && read.bytes <= most + 16 * 1024 * 1024, `${read.bytes}`);
  });
}

test("a reply that unpacks to more than is read is refused, and one that does not is read", async () => {
  const headers = { "content-encoding": "gzip" };
  const piece = gzipSync(Buffer.alloc(8 * 1024 * 1024, 0x20));
  // 34 times 8 MiB, in 300 KB.
  service.answers = [{ headers, body: Buffer.concat(Array(34).fill(piece)) }];
  await assert.rejects(serviceClient().products(), { code: "bad-reply", message: /268435456 bytes/ });
  service.answers = [{ headers, body: gzipSync(`[]${" ".repeat(1024 * 1024)}`) }];
  assert.deepEqual([...(await serviceClient().products())], []);
});
