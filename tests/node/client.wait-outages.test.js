// A wait goes on through outages: a look that fails says nothing about the request.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import { answer, fake, status } from "../support/scripted-fetch.js";
import { failure, service, serviceClient } from "../support/scripted-service.js";

const code = (/** @type {number} */ code) => answer({ id: "r1", status: code });
const soon = { intervalMs: 1, maxIntervalMs: 2 };
/** At a service whose codes are explained. */
const explained = { profile: /** @type {const} */ ({ statuses: { 2: "waiting" } }) };
const many = (/** @type {unknown} */ reply) => Array.from({ length: 9 }, () => reply);
const thrown = (/** @type {string} */ message, /** @type {string} */ systemCode) => () => {
  throw new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code: systemCode }) });
};
const page = () => new Response("<!doctype html><title>Maintenance</title>");

const passing = /** @type {const} */ ([
  ["500", status(500)],
  ["502", status(502)],
  ["503", status(503)],
  ["504", status(504)],
  ["520 of a content delivery network", status(520)],
  ["429", status(429)],
  ["408", status(408)],
  ["a reset", thrown("read ECONNRESET", "ECONNRESET")],
  ["a refused connection", thrown("connect ECONNREFUSED 10.0.0.1:443", "ECONNREFUSED")],
  ["a name that does not resolve", thrown("getaddrinfo EAI_AGAIN service.example", "EAI_AGAIN")],
  ["a name that is gone", thrown("getaddrinfo ENOTFOUND service.example", "ENOTFOUND")],
  ["a socket that ends within TLS", thrown("socket disconnected before secure TLS connection", "ECONNRESET")],
  ["something that is no reply", undefined],
]);

for (const [name, reply] of passing) {
  test(`${name}: a wait goes on, also from its first look on`, async () => {
    for (const replies of [
      [code(2), ...many(reply), code(16)],
      [...many(reply), code(16)],
    ]) {
      const { client, calls } = fake(replies, explained);
      assert.equal((await client.waitForSignature("r1", soon)).state, "signed");
      assert.equal(calls.length, replies.length);
    }
  });
}

const strange = /** @type {const} */ ([
  ["a page of HTML", page],
  ["JSON that breaks off", () => new Response('{"id":"r1","sta')],
  ["nothing at all", () => new Response("")],
  ["JSON of something else", answer({ ok: true })],
  ["another request", answer({ id: "r2", status: 16 })],
  ["a request without a status", answer({ id: "r1" })],
  ["a redirect to a page of maintenance", status(302, { headers: { location: "/sorry" } })],
  ["a certificate of another host", thrown("Hostname/IP does not match certificate's altnames", "ERR_TLS")],
  ["a certificate that has expired", thrown("certificate has expired", "CERT_HAS_EXPIRED")],
  ["plain text on the port of TLS", thrown("EPROTO 80:error:0A00010B:SSL routines::wrong", "EPROTO")],
]);

for (const [name, reply] of strange) {
  test(`${name}: a wait goes on once the service was seen`, async () => {
    const { client } = fake([code(2), ...many(reply), code(16)], explained);
    assert.equal((await client.waitForSignature("r1", soon)).state, "signed");
    const asked = fake([code(2), ...many(reply), code(16)], explained);
    await asked.client.signing("r1");
    assert.equal((await asked.client.waitForSignature("r1", soon)).state, "signed");
  });

  test(`${name}: where nothing was ever read, the address may be wrong, and a few looks are enough`, async () => {
    const { client, calls } = fake(many(reply), explained);
    await assert.rejects(client.waitForSignature("r1", soon), {
      code: /not-json|bad-reply|bad-status|redirected|network/,
    });
    assert.equal(calls.length, 4);
    const short = fake([reply, reply, code(16)], explained);
    assert.equal((await short.client.waitForSignature("r1", soon)).state, "signed");
  });
}

for (const [name, reply, expected] of /** @type {const} */ ([
  ["401 without another token", status(401), "unauthorized"],
  ["403", status(403), "forbidden"],
  ["404", status(404), "not-found"],
  ["400", status(400), "bad-request"],
  ["410", status(410), "bad-request"],
])) {
  test(`${name} ends a wait at explained, also after an outage`, async () => {
    for (const before of [[], [code(2)], [code(2), status(503)]]) {
      const { client, calls } = fake([...before, reply, code(16)], explained);
      await assert.rejects(client.waitForSignature("r1", soon), { code: expected });
      assert.equal(calls.length, before.length + 1);
    }
  });
}

test("401 with another token goes on; a token that cannot be had ends it", async () => {
  let asked = 0;
  const token = () => `token-${++asked}`;
  const { client } = fake([code(2), status(401), code(16)], { ...explained, token });
  assert.equal((await client.waitForSignature("r1", soon)).state, "signed");
  const failing = () => {
    asked += 1;
    if (asked > 5) throw new Error("signed out");
    return `token-${asked}`;
  };
  asked = 4;
  const other = fake([code(2), status(401), code(16)], { ...explained, token: failing });
  await assert.rejects(other.client.waitForSignature("r1", soon), { code: "bad-token" });
});

test("an outage is told at each failed look, and when it is over", async () => {
  const { client } = fake([code(2), status(503), page, code(2), status(502), code(16)], explained);
  /** @type {unknown[]} */
  const told = [];
  await client.waitForSignature("r1", {
    ...soon,
    onStatus: ({ code }) => void told.push(code),
    onOutage: ({ error, since, attempts, over }) => {
      assert.ok(since instanceof Date && since.getTime() <= Date.now());
      told.push([error.code, attempts, over]);
    },
  });
  assert.deepEqual(told, [
    2,
    ["server-error", 1, false],
    ["not-json", 2, false],
    ["not-json", 2, true],
    ["server-error", 1, false],
    ["server-error", 1, true],
    16,
  ]);
});

test("what onOutage throws ends the wait, and its promise is awaited", async () => {
  const onOutage = async () => {
    throw new Error("the log is full");
  };
  const { client } = fake([status(503), code(16)], explained);
  await assert.rejects(client.waitForSignature("r1", { ...soon, onOutage }), /the log is full/);
  const wrong = /** @type {any} */ ({ onOutage: "yes" });
  await assert.rejects(client.waitForSignature("r1", wrong), { code: "bad-input", message: /onOutage/ });
});

test("the time that ends in an outage tells the last known status and the last failure", async (t) => {
  const { until } = fakeTime(t);
  const limit = { ...soon, timeoutMs: 300 };
  const message =
    /The time to wait for .*`r1` is over; its last known status is 2\. The last look failed: .* HTTP 503/;
  const seen = fake([code(2), ...Array.from({ length: 999 }, () => status(503))], explained);
  await assert.rejects(until(seen.client.waitForSignature("r1", limit)), { code: "timeout", message });
  const never = fake(
    Array.from({ length: 999 }, () => status(502)),
    explained,
  );
  const unread = /its status could not be read\. The last look failed: .* HTTP 502/;
  await assert.rejects(until(never.client.waitForSignature("r1", limit)), {
    code: "timeout",
    message: unread,
  });
  const silent = fake([code(2), () => new Promise(() => {})], explained);
  const none = /last known status is 2\. The last look failed: no answer/;
  await assert.rejects(until(silent.client.waitForSignature("r1", limit)), {
    code: "timeout",
    message: none,
  });
});

test("the time that ends while people decide tells of no failure, and of a code that nobody explained", async (t) => {
  const { until } = fakeTime(t);
  const limit = { ...soon, timeoutMs: 300 };
  const recovered = fake([code(3), status(503), ...Array.from({ length: 999 }, () => code(3))], explained);
  const error = await failure(() => until(recovered.client.waitForSignature("r1", limit)));
  assert.match(error.message, /last known status is 3, which the profile does not explain\.$/);
});

test("Retry-After is waited for, as far as the time allows", async (t) => {
  const { now, until } = fakeTime(t);
  const later = status(503, { headers: { "retry-after": "3600" } });
  const { client, calls } = fake([later, code(16)], explained);
  const timeoutMs = 3_599_000;
  const wait = client.waitForSignature("r1", { ...soon, timeoutMs });
  await assert.rejects(until(wait), { code: "timeout", message: /HTTP 503/ });
  assert.equal(calls.length, 1, "within the hour, the service is left alone");
  const patient = fake([later, code(16)], explained);
  const began = now();
  await until(patient.client.waitForSignature("r1", { ...soon, timeoutMs: 3_601_000 }));
  assert.ok(now() - began >= 3_600_000, "an hour is an hour");
  for (const after of ["0", new Date(Date.now() - 5000).toUTCString(), "soon"]) {
    const now = status(429, { headers: { "retry-after": after } });
    const other = fake([code(2), now, code(16)], explained);
    assert.equal((await until(other.client.waitForSignature("r1", soon))).state, "signed");
  }
});

test("a caller who stops is heard in the middle of an outage", async () => {
  const controller = new AbortController();
  const { client } = fake(
    Array.from({ length: 99 }, () => status(503)),
    explained,
  );
  const onOutage = (/** @type {import("ocisign").Outage} */ { attempts }) => {
    if (attempts === 3) controller.abort();
  };
  const wait = client.waitForSignature("r1", { ...soon, signal: controller.signal, onOutage });
  await assert.rejects(wait, { code: "aborted" });
});

test("over real HTTP: broken connections, half replies, silence and pages are waited out", async () => {
  service.asked = [];
  service.answers = [
    { body: '{"id":"r1","status":2}' },
    { destroy: true },
    { half: true },
    { hang: true },
    { status: 502, body: "<html>Bad Gateway</html>" },
    { body: "<!doctype html>" },
    {},
  ];
  const client = serviceClient({ ...explained, timeoutMs: 50 });
  assert.equal((await client.waitForSignature("r1", soon)).state, "signed");
  assert.equal(service.asked.length, 7);
});
