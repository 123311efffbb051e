// Keys that were read and imported once stay so, a bounded number of them, and none is ever taken for another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { publicKey, verifySignatures } from "ocisign";
import { good } from "../support/proving.js";
import { keyPair, manifestOf, reference, simpleLayer } from "../support/signatures.js";
import { importLibrary } from "../support/source.js";

const { keysIn } = await importLibrary(["pkg/src/signature/ready-keys.ts"]);

/** @typedef {ReturnType<typeof keyPair>} Pair */

/** Whether a key verifies what another one signed. @param {any} publicKey @param {Pair} signer */
async function holds(publicKey, signer) {
  const manifest = manifestOf(simpleLayer(signer.privateKey, good));
  const { state } = await verifySignatures({ reference, publicKey, manifest, blob: good });
  return state === "verified";
}

/** Counts how often the platform imports a key. @param {import("node:test").TestContext} t */
function imports(t) {
  const spy = t.mock.method(crypto.subtle, "importKey");
  return () => spy.mock.callCount();
}

const der = (/** @type {Pair} */ pair) =>
  new Uint8Array(pair.publicKey.export({ type: "spki", format: "der" }));

/** As `publicKey` returns it. @param {Pair} pair */
function shown(pair) {
  const token = { publicKey: Buffer.from(der(pair)).toString("base64") };
  return publicKey({ productOperations: [{ operationType: "SignOCI", token }] });
}

test("a key is imported once, in whatever form it comes", async (t) => {
  const count = imports(t);
  const pair = keyPair("rsa");
  const forms = [pair.pem, pair.pem, `\n${pair.pem}`, der(pair), Buffer.from(pair.pem), shown(pair)];
  for (const form of forms) assert.ok(await holds(form, pair));
  assert.equal(count(), 1);
  // A hash that nothing was signed with before takes one more, once.
  const manifest = manifestOf(simpleLayer(pair.privateKey, good, { hash: "sha512" }));
  for (let times = 0; times < 2; times++) {
    const verified = await verifySignatures({ reference, publicKey: pair.pem, manifest, blob: good });
    assert.equal(verified.signatures[0].hash, "SHA-512");
  }
  assert.equal(count(), 3, "SHA-384 and SHA-512");
});

test("keys by turns, each in several forms: each verifies its own and nothing else", async () => {
  const pairs = [keyPair("P-256"), keyPair("P-256"), keyPair("P-384"), keyPair("rsa"), keyPair("rsa")];
  for (let round = 0; round < 2; round++) {
    for (const pair of pairs) {
      for (const form of [pair.pem, der(pair), shown(pair)]) {
        for (const signer of pairs) assert.equal(await holds(form, signer), signer === pair);
      }
    }
  }
});

test("what the caller changes after a call is another key in the next one", async () => {
  const [first, second] = [keyPair("P-256"), keyPair("P-256")];
  const bytes = der(first);
  assert.ok(await holds(bytes, first));
  bytes.set(der(second));
  assert.ok(await holds(bytes, second));
  assert.ok(!(await holds(bytes, first)));
  const key = shown(first);
  assert.ok(await holds(key, first));
  key.spki.set(der(second));
  assert.ok(!(await holds(key, first)));
  assert.ok(await holds(shown(first), first));
});

test("the keys that were used last are kept, and no more than some hundreds", async (t) => {
  const count = imports(t);
  const pairs = Array.from({ length: 300 }, () => keyPair("P-256"));
  for (const pair of pairs) assert.ok(await holds(pair.pem, pair));
  assert.equal(count(), 300);
  for (const pair of pairs.slice(-100)) assert.ok(await holds(pair.pem, pair));
  assert.equal(count(), 300, "kept");
  for (const pair of pairs.slice(0, 10)) assert.ok(await holds(pair.pem, pair));
  assert.equal(count(), 310, "forgotten, and imported again");
});

test("a text with several keys stands for each of them, and one of them for itself", async () => {
  const [first, second, third] = [keyPair("P-256"), keyPair("rsa"), keyPair("P-256")];
  const both = `${first.pem}${second.pem}`;
  for (let times = 0; times < 2; times++) {
    assert.deepEqual(
      [await holds(both, first), await holds(both, second), await holds(both, third)],
      [true, true, false],
    );
    assert.ok(!(await holds(first.pem, second)));
  }
});

test("a text with a private key in it is not kept, and neither is one that is too long", () => {
  const { pem, privateKey } = keyPair("P-256");
  const secret = privateKey.export({ type: "pkcs8", format: "pem" });
  const long = pem.padEnd(8193);
  for (const [text, isKept] of /** @type {[string, boolean][]} */ ([
    [pem, true],
    [long.slice(0, -1), true],
    [long, false],
    [secret + pem, false],
  ])) {
    for (const given of [text, new Uint8Array(Buffer.from(text))]) {
      const [first, second] = [keysIn(given), keysIn(given)];
      assert.equal(first === second, isKept, `${text.length}: ${text.slice(0, 30)}`);
    }
  }
});

test("a platform that was replaced meanwhile does not undo what its follower imported", async (t) => {
  const pair = keyPair("P-256");
  const real = globalThis.crypto;
  /** @type {(reason: unknown) => void} */
  let refuse = () => {};
  const importKey = () => new Promise((_, reject) => (refuse = reject));
  let counted = 0;
  const follower = {
    importKey: (/** @type {Parameters<SubtleCrypto["importKey"]>} */ ...given) => {
      counted += 1;
      return real.subtle.importKey(...given);
    },
    verify: real.subtle.verify.bind(real.subtle),
    digest: real.subtle.digest.bind(real.subtle),
  };
  const use = (/** @type {object} */ subtle) =>
    Object.defineProperty(globalThis, "crypto", { value: { subtle }, configurable: true });
  t.after(() => Object.defineProperty(globalThis, "crypto", { value: real, configurable: true }));
  use({ ...follower, importKey });
  const first = holds(pair.pem, pair);
  const failed = assert.rejects(first, { code: "bad-public-key" });
  // Its key is being imported, and the platform is another one.
  await new Promise(setImmediate);
  use(follower);
  assert.ok(await holds(pair.pem, pair));
  const before = counted;
  refuse(new DOMException("too late", "OperationError"));
  await failed;
  assert.ok(await holds(pair.pem, pair));
  assert.equal(counted, before, "the follower's key is still there");
});

test("a key that the platform refuses is refused each time, and one that it refuses once is tried again", async (t) => {
  const pair = keyPair("P-256");
  const damaged = der(pair);
  damaged[damaged.length - 1] ^= 1;
  for (let times = 0; times < 2; times++) {
    await assert.rejects(holds(damaged, pair), { code: "bad-public-key" });
  }
  const mock = t.mock.method(crypto.subtle, "importKey", async () => {
    throw new DOMException("not now", "OperationError");
  });
  await assert.rejects(holds(pair.pem, pair), { code: "bad-public-key" });
  mock.mock.restore();
  assert.ok(await holds(pair.pem, pair));
});
