// Which calls are made again after a failure, and when.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fake, signed, status } from "../support/scripted-fetch.js";
import { failure, getting, posting, service, serviceClient } from "../support/scripted-service.js";

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

for (const [name, answer, code] of /** @type {const} */ ([
  ["500", { status: 500 }, "server-error"],
  ["a connection that breaks", { destroy: true }, "network"],
  ["a reply that breaks off", { half: true }, "network"],
])) {
  test(`${name}: a GET is tried again, a POST is not`, async () => {
    assert.equal((await failure(getting, answer)).code, code);
    assert.equal(service.asked.length, 2);
    const error = await failure(posting, answer);
    assert.equal(error.code, code);
    assert.equal(service.asked.length, 1);
  });
}

test("429 with Retry-After is waited for, in seconds or as a date", async () => {
  for (const after of ["0", "1", new Date(Date.now() + 900).toUTCString()]) {
    service.answers = [{ status: 429, headers: { "retry-after": after } }, {}];
    service.asked = [];
    assert.equal((await serviceClient().approve("r1")).state, "signed");
    assert.equal(service.asked.length, 2);
  }
});

test("a date in Retry-After is read by the clock of the service, which may be an hour ahead or behind", async () => {
  for (const hours of [1, -1]) {
    const now = Date.now() + hours * 3_600_000;
    const [date, after] = [now, now + 1000].map((ms) => new Date(ms).toUTCString());
    const { client, calls } = fake([status(429, { headers: { date, "retry-after": after } }), signed]);
    await client.approve("r1");
    assert.equal(calls.length, 2);
  }
});
