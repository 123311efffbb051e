// Reading a public key that is at hand, in each of its forms.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { publicKey, readPublicKey } from "ocisign";
import { throwingProxy, values } from "../support/hostile-values.js";
import { keyPair } from "../support/signatures.js";

const fixture = (/** @type {string} */ name) =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8");
const types = ["RSA2048", "RSA3072", "RSA4096", "secp256r1", "secp384r1", "secp521r1"];

for (const keyType of types) {
  test(`${keyType}: PEM, base64 and DER are one key, with openssl's fingerprint`, () => {
    const name = keyType.toLowerCase();
    const pem = fixture(`${name}.pem`);
    const der = Buffer.from(pem.replace(/-----.*?-----|\s/g, ""), "base64");
    const key = readPublicKey(pem);
    assert.deepEqual([key.keyType, key.pem], [keyType, pem]);
    assert.equal(
      key.fingerprint,
      `sha256:${fixture(`${name}.sha256`)
        .trim()
        .replace(/^.*[ =]/, "")}`,
    );
    const again = [
      pem,
      ` \r\n${pem}\r\n`,
      pem.replaceAll("\n", "\r\n"),
      key.pem,
      der.toString("base64"),
      fixture(`${name}.spki.txt`),
      new Uint8Array(der),
      der,
      key.spki,
      runInNewContext("new Uint8Array(bytes)", { bytes: [...der] }),
    ];
    for (const form of again) assert.deepEqual(readPublicKey(form), key);
    const product = {
      productOperations: [{ operationType: "SignOCI", token: { publicKey: der.toString("base64") } }],
    };
    assert.deepEqual(publicKey(/** @type {any} */ (product)), key, "as a product shows it");
  });
}

test("what is no key, or none that is supported, is a bad-public-key", () => {
  const { pem, privateKey } = keyPair("P-256");
  const der = Buffer.from(pem.replace(/-----.*?-----|\s/g, ""), "base64");
  for (const [name, wrong] of /** @type {[string, any][]} */ ([
    ["nothing", ""],
    ["white space", " \n"],
    ["words", "my key"],
    ["half of a PEM", pem.slice(0, 60)],
    ["a PEM without a key", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"],
    ["two keys", pem + pem],
    ["a private key", privateKey.export({ type: "pkcs8", format: "pem" })],
    ["a key of 1024 bits", fixture("rsa1024.pem")],
    ["Ed25519", fixture("ed25519.pem")],
    ["no bytes", new Uint8Array()],
    ["a byte too few", der.subarray(0, -1)],
    ["a byte too many", Buffer.concat([der, Buffer.of(0)])],
    ["a megabyte", new Uint8Array(1 << 20)],
    ["a megabyte of letters", "A".repeat(1 << 20)],
  ])) {
    assert.throws(
      () => readPublicKey(wrong),
      (/** @type {any} */ error) => {
        assert.deepEqual(
          [error.name, error.code, error.taken],
          ["OcisignError", "bad-public-key", "no"],
          name,
        );
        assert.ok(error.message && error.fix && error.message.length < 2000, name);
        return true;
      },
    );
  }
});

test("what is neither text nor bytes is a bad-input", () => {
  for (const [name, value] of [...values(), /** @type {const} */ (["a proxy", throwingProxy()])]) {
    if (["a text", "an empty text", "bytes"].includes(name)) continue;
    assert.throws(() => readPublicKey(value), { name: "OcisignError", code: "bad-input" }, name);
  }
});

test("bytes that somebody changes later stay read", () => {
  const der = new Uint8Array(keyPair("rsa").publicKey.export({ type: "spki", format: "der" }));
  const key = readPublicKey(der);
  const { fingerprint, spki } = key;
  der.fill(0);
  assert.equal(key.fingerprint, fingerprint);
  assert.equal(readPublicKey(spki).fingerprint, fingerprint);
});
