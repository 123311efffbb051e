// RSA keys with which everyone can make signatures, and keys that are unusual, by each way that leads to a verification.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { attachSignature, publicKey, readPublicKey, verifyImage, verifySignatures } from "ocisign";
import { keyPair, manifestOf, payloadFor, reference, simpleLayer } from "../support/signatures.js";

/** An element of DER. @param {number} tag @param {...Uint8Array} parts */
function der(tag, ...parts) {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const rsaAlgorithm = Buffer.from("300d06092a864886f70d0101010500", "hex");

/** An RSA key of these numbers, as they would stand in an INTEGER. @param {string} modulus @param {string} exponent */
function rsaKey(modulus, exponent) {
  const numbers = [modulus, exponent].map((hex) => der(0x02, Buffer.from(hex, "hex")));
  return der(0x30, rsaAlgorithm, der(0x03, Buffer.of(0), der(0x30, ...numbers)));
}

/** An odd modulus of so many bits. */
const modulus = (/** @type {number} */ bits) => `00c${"5".repeat(bits / 4 - 1)}`;
const even = `00c${"4".repeat(511)}`;
const usual = "010001";

const weak = [
  ["the exponent 1", modulus(2048), "01", /exponent/],
  ["the exponent 0", modulus(2048), "00", /exponent/],
  ["the exponent 2", modulus(2048), "02", /exponent/],
  ["an even exponent", modulus(2048), "010000", /exponent/],
  ["an exponent of 32 bits", modulus(2048), "0080000001", /exponent/],
  ["an exponent of 33 bits", modulus(2048), "0100000001", /exponent/],
  ["an exponent of 64 bits", modulus(4096), "7fffffffffffffff", /exponent/],
  ["an exponent that is longer than the modulus", modulus(2048), `01${"00".repeat(299)}01`, /exponent/],
  ["the exponent 1, with a zero in front", modulus(2048), "0001", /damaged/],
  ["a negative exponent", modulus(2048), "ff", /damaged/],
  ["no exponent", modulus(2048), "", /damaged/],
  ["an even modulus", even, usual, /even modulus/],
  ["an even modulus and the exponent 1", even, "01", /even modulus/],
  ["the modulus 0", "00", usual, /modulus of 1 bytes/],
  ["a negative modulus", "c".repeat(512), usual, /damaged/],
  ["a modulus with a zero too many", `00${modulus(2048)}`, usual, /damaged/],
  ["a modulus of 1024 bits", modulus(1024), usual, /128 bytes/],
  ["a modulus of 2047 bits", `5${"5".repeat(511)}`, usual, /256 bytes/],
  ["a modulus of 2056 bits", modulus(2056), usual, /257 bytes/],
  ["a modulus of 16384 bits", modulus(16_384), usual, /2048 bytes/],
].map(([name, n, e, says]) => ({
  name: String(name),
  says: /** @type {RegExp} */ (says),
  spki: rsaKey(String(n), String(e)),
}));

/** @param {Buffer} spki */
function pemOf(spki) {
  return `-----BEGIN PUBLIC KEY-----\n${spki.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----\n`;
}

/** @param {Buffer} spki @returns {any} */
function productOf(spki) {
  return { productOperations: [{ operationType: "SignOCI", token: { publicKey: spki.toString("base64") } }] };
}

const payload = Buffer.from(JSON.stringify(payloadFor()));
const signer = keyPair("rsa");
const signed = { reference, manifest: manifestOf(simpleLayer(signer.privateKey, payload)), blob: payload };
const registry = {
  fetch: () => assert.fail("the key is refused before anything is fetched"),
};

for (const { name, says, spki } of weak) {
  test(`${name}: refused by each way in which a key enters`, async () => {
    const bytes = new Uint8Array(spki);
    const forms = [
      pemOf(spki),
      spki.toString("base64"),
      spki.toString("base64").replace(/.{20}/g, "$& \n"),
      bytes,
    ];
    const refused = { name: "OcisignError", code: "bad-public-key", message: says };
    for (const form of forms) {
      assert.throws(() => readPublicKey(form), refused);
      await assert.rejects(verifySignatures({ ...signed, publicKey: form }), refused);
      await assert.rejects(verifySignatures({ ...signed, keys: [signer.pem, form] }), refused);
      await assert.rejects(verifyImage(reference, { publicKey: form, registry }), refused);
      await assert.rejects(
        attachSignature(reference, { signature: "AAAA", publicKey: form, registry }),
        refused,
      );
    }
    assert.throws(() => publicKey(productOf(spki)), refused);
    // As publicKey() would have returned it.
    const made = /** @type {any} */ ({ ...readPublicKey(signer.pem), spki: bytes });
    await assert.rejects(verifySignatures({ ...signed, publicKey: made }), refused);
  });
}

test("an exponent other than 65537 is read with a warning, which the verification repeats", async () => {
  for (const exponent of [3, 17, 257, 2 ** 31 - 1]) {
    const hex = exponent.toString(16);
    const key = readPublicKey(rsaKey(modulus(3072), hex.length % 2 ? `0${hex}` : hex));
    assert.match(key.warning ?? "", /not 65537/, String(exponent));
    assert.deepEqual(readPublicKey(key.pem), key);
  }
  const { publicKey: made, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicExponent: 3,
  });
  const pem = String(made.export({ type: "spki", format: "pem" }));
  const manifest = manifestOf(simpleLayer(privateKey, payload));
  const { state, warnings } = await verifySignatures({ ...signed, manifest, keys: [signer.pem, pem] });
  assert.equal(state, "verified");
  assert.deepEqual(warnings, [`${readPublicKey(pem).fingerprint}: ${readPublicKey(pem).warning}`]);
});

test("usual keys have no warning", async () => {
  for (const type of /** @type {const} */ (["rsa", "P-256", "P-384", "P-521"])) {
    assert.ok(!("warning" in readPublicKey(keyPair(type).pem)), type);
  }
  assert.ok(!("warnings" in (await verifySignatures({ ...signed, publicKey: signer.pem }))));
});

test("a platform's key object is no key here: it would not be read by the same rules", async () => {
  const { subtle } = globalThis.crypto;
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const bytes = signer.publicKey.export({ type: "spki", format: "der" });
  const key = await subtle.importKey("spki", new Uint8Array(bytes), algorithm, true, ["verify"]);
  for (const object of [key, signer.publicKey]) {
    const given = /** @type {any} */ (object);
    await assert.rejects(verifySignatures({ ...signed, publicKey: given }), { code: "bad-input" });
    assert.throws(() => readPublicKey(given), { code: "bad-input" });
  }
});

test("a point that is not on its curve, or is its infinity, proves nothing", async () => {
  const good = keyPair("P-256").publicKey.export({ type: "spki", format: "der" });
  const off = Buffer.from(good);
  off[off.length - 1] ^= 1;
  const none = Buffer.concat([good.subarray(0, -64), Buffer.alloc(64)]);
  const infinity = der(0x30, good.subarray(2, 23), der(0x03, Buffer.of(0, 0)));
  for (const spki of [off, none, infinity]) {
    const given = { ...signed, publicKey: new Uint8Array(spki) };
    await assert.rejects(verifySignatures(given), { code: "bad-public-key" });
  }
});

test("at most 100 keys are tried", async () => {
  const keys = Array.from({ length: 100 }, () => signer.pem);
  assert.equal((await verifySignatures({ ...signed, keys })).state, "verified");
  const tooMany = { name: "OcisignError", code: "bad-input", message: /more than 100 keys/ };
  await assert.rejects(verifySignatures({ ...signed, keys: [...keys, signer.pem] }), tooMany);
  // A list of holes is refused by its length, before anything walks along it.
  await assert.rejects(verifySignatures({ ...signed, keys: new Array(2 ** 32 - 1) }), tooMany);
});
