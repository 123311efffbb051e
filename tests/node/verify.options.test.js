// What may be verified with which options; nothing is fetched for what cannot be used.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyImage } from "ocisign";
import { fetch as undiciFetch } from "undici";
import { reference, registry, rsa, signByTag, verify } from "../support/image-in-registry.js";
import { watchedSignal } from "../support/signals.js";
import { keyPair } from "../support/signatures.js";

const ec = keyPair("P-256");

test("an abort is the caller's, not a finding; wrong options are refused; undici's fetch works", async () => {
  signByTag();
  await assert.rejects(verify({ signal: AbortSignal.abort() }), { code: "aborted" });
  await assert.rejects(verify({ registry: { user: "x" } }), { code: "bad-input" });
  await assert.rejects(verify({ recursiv: true }), { code: "bad-input" });
  await assert.rejects(verifyImage("nginx", { publicKey: rsa.pem }), { code: "registry-missing" });
  await assert.rejects(verifyImage(reference, /** @type {any} */ (undefined)), { code: "bad-input" });
  assert.equal((await verify({ registry: { fetch: undiciFetch } })).state, "verified");
});

test("nothing is fetched for keys, thresholds and options that cannot be used", async () => {
  const offCurve = Buffer.from(ec.publicKey.export({ type: "spki", format: "der" }));
  offCurve[offCurve.length - 1] ^= 1;
  for (const [options, code] of [
    [{ publicKey: "bad key" }, "bad-public-key"],
    [{ publicKey: offCurve }, "bad-public-key"],
    [{ publicKey: undefined, keys: [] }, "bad-input"],
    [{ publicKey: undefined, keys: [rsa.pem], threshold: 2 }, "bad-input"],
    [{ threshold: 0.5 }, "bad-input"],
    [{ threshold: 1.9 }, "bad-input"],
    [{ signal: "x" }, "bad-input"],
    [{ timeoutMs: -5 }, "bad-input"],
    [{ registry: { username: 7, password: "x" } }, "bad-input"],
    [{ registry: { password: "x" } }, "bad-input"],
  ]) {
    await assert.rejects(verify(options), { name: "OcisignError", code }, JSON.stringify(options));
  }
  assert.deepEqual(registry.requests, []);
});

test("twenty verifications at once listen to one signal once, and leave it as it was", async () => {
  const { signal, listeners } = watchedSignal();
  signByTag();
  const all = await Promise.all(Array.from({ length: 20 }, () => verify({ signal })));
  assert.ok(all.every(({ state }) => state === "verified"));
  assert.equal(listeners(), 0);
});
