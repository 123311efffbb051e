// Which calls to a registry are made again after a failure, and when.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clientFor,
  failure,
  manifest,
  manifestFailure,
  manifestPath,
  manifestType,
  serve,
} from "../support/scripted-registry.js";

test("429 with a short Retry-After is waited for, once, also for a write", async () => {
  for (const after of ["0", "1", new Date(Date.now() - 5000).toUTCString()]) {
    const busy = { status: 429, headers: { "retry-after": after } };
    const registry = await serve({ [manifestPath]: [busy, { ...manifest, status: 200 }] });
    assert.ok(await clientFor(registry).manifest("team/app", "1.0"));
    assert.equal(registry.asked.length, 2);
  }
  const registry = await serve({
    [manifestPath]: [{ status: 429, headers: { "retry-after": "0" } }, { status: 201 }],
  });
  assert.ok(await clientFor(registry).pushManifest("team/app", "1.0", Buffer.from("{}"), manifestType));
  const again = await manifestFailure({ status: 429, headers: { "retry-after": "0" } });
  assert.deepEqual([again.error.code, again.asked.length], ["rate-limited", 2]);
});

test("429 with a long Retry-After, or none, is told at once", async () => {
  for (const headers of [{ "retry-after": "120" }, { "retry-after": "soon" }, {}]) {
    const { error, asked } = await manifestFailure({ status: 429, headers });
    assert.deepEqual([error.code, asked.length], ["rate-limited", 1]);
    if (headers["retry-after"] === "120") assert.match(error.fix, /120 seconds/);
  }
});

test("5xx: a GET is tried three times, a write once", async () => {
  const good = await serve({ [manifestPath]: [{ status: 503 }, { status: 500 }, manifest] });
  assert.ok(await clientFor(good).manifest("team/app", "1.0"));
  const bad = await manifestFailure({ status: 502 });
  assert.deepEqual([bad.error.code, bad.asked.length], ["server-error", 3]);
  const registry = await serve({ [manifestPath]: { status: 500 } });
  const write = clientFor(registry).pushManifest("team/app", "1.0", Buffer.from("{}"), manifestType);
  assert.equal((await failure(write)).code, "server-error");
  assert.equal(registry.asked.length, 1);
});
