// What may be verified with which options; nothing is fetched for what cannot be used.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyImage, verifySignatures } from "ocisign";
import { fetch as undiciFetch } from "undici";
import { reference, registry, rsa, signByTag, verify } from "../support/image-in-registry.js";
import { good, goodLayer, rsa as key } from "../support/proving.js";
import { watchedSignal } from "../support/signals.js";
import { reference as about, keyPair, manifestOf } from "../support/signatures.js";

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
    [{ publicKey: undefined, keys: {} }, "bad-input"],
    [{ publicKey: undefined, keys: Array.from({ length: 101 }, () => rsa.pem) }, "bad-input"],
    [{ keys: [rsa.pem] }, "bad-input"],
    [{ publicKey: undefined }, "bad-input"],
    [{ publicKey: null, keys: null }, "bad-input"],
    [{ publicKey: 7 }, "bad-input"],
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

test("of keys and publicKey, null is as good as nothing", async () => {
  signByTag();
  assert.equal((await verify({ publicKey: null, keys: [rsa.pem] })).state, "verified");
  assert.equal((await verify({ keys: null })).state, "verified");
});

test("text is as good as its bytes, alone and in a list", async () => {
  const given = { reference: about, publicKey: key.pem };
  for (const manifest of [manifestOf(goodLayer), String(manifestOf(goodLayer))]) {
    for (const blob of [good, String(good), [good], ["another", String(good)]]) {
      const { state, reason } = await verifySignatures({ ...given, manifest, blob });
      assert.equal(state, "verified", reason);
    }
  }
});

test("what is neither bytes nor text is refused by its name", async () => {
  const given = { reference, publicKey: rsa.pem, manifest: "{}", blob: "x" };
  for (const wrong of [7, null, [], ["x", 7], Array.from({ length: 1001 }, () => "x")]) {
    for (const name of ["manifest", "blob"]) {
      const verification = verifySignatures(/** @type {any} */ ({ ...given, [name]: wrong }));
      const message = `${name} is neither bytes nor text, nor a list of at most 1000.`;
      await assert.rejects(verification, { code: "bad-input", message });
    }
  }
});
