// Hashes and base64 of bytes of any length, beside Node's own.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { verifySignatures } from "ocisign";
import { good, goodLayer, rsa } from "../support/proving.js";
import { manifestOf, reference } from "../support/signatures.js";
import { importLibrary, importSource } from "../support/source.js";

const inNode = await importLibrary(["pkg/src/strict/digest.ts"]);
const alone = await importSource("pkg/src/strict/digest.ts");
const { fromBase64, toBase64 } = await importSource("pkg/src/strict/base64.ts");

const hash = (/** @type {Uint8Array} */ bytes, name = "sha256") =>
  createHash(name).update(bytes).digest("hex");
/** Around the lengths at which the way changes. */
const lengths = [0, 1, 2, 3, 1000, 0x7fff, 0x8000, 0x8001, 65_535, 65_536, 65_537, 200_000];

test("a hash at once is the same, and there is none where the platform has none", async () => {
  for (const length of lengths) {
    const bytes = new Uint8Array(randomBytes(length));
    assert.equal(inNode.hashNow(bytes), hash(bytes), `${length}`);
    assert.equal(alone.hashNow(bytes), undefined);
    for (const { digestOf, hashOf, hasDigest } of [inNode, alone]) {
      assert.equal(await digestOf(bytes), `sha256:${hash(bytes)}`);
      assert.equal(await hashOf(bytes, "SHA-384"), hash(bytes, "sha384"));
      for (const name of ["sha256", "sha384", "sha512"])
        assert.ok(await hasDigest(bytes, `${name}:${hash(bytes, name)}`), name);
      assert.ok(!(await hasDigest(bytes, `sha512:${hash(bytes)}`)));
    }
  }
});

test("base64 is the same", () => {
  for (const length of lengths) {
    const bytes = randomBytes(length);
    assert.equal(toBase64(bytes), bytes.toString("base64"), `${length}`);
    assert.deepEqual(Buffer.from(fromBase64(bytes.toString("base64"))), bytes);
  }
});

test("without the platform's cryptography, nothing is verified, and that is said", async (t) => {
  const real = globalThis.crypto;
  t.after(() => Object.defineProperty(globalThis, "crypto", { value: real, configurable: true }));
  const given = { reference, manifest: manifestOf(goodLayer), blob: good };
  const rules = [{ name: "all", images: ["registry.example/**"], keys: ["rsa"] }];
  const trust = { version: 1, keys: { rsa: { publicKey: rsa.pem } }, rules };
  for (const value of [undefined, {}]) {
    Object.defineProperty(globalThis, "crypto", { value, configurable: true });
    // The file is not at fault, either.
    for (const who of [{ publicKey: rsa.pem }, { trust }]) {
      const verifying = verifySignatures({ ...given, .../** @type {{ trust: object }} */ (who) });
      await assert.rejects(verifying, { code: "no-crypto", message: /There is no crypto\.subtle here/ });
    }
  }
});
