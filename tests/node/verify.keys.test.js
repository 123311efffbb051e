// Which keys count: types, forms and thresholds.
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { test } from "node:test";
import { publicKey, verifySignatures } from "ocisign";
import { good, goodLayer, other, rsa, verify } from "../support/proving.js";
import { bundleLayer, keyPair, manifestOf, pss, reference, simpleLayer } from "../support/signatures.js";

for (const [name, type, bits, hash] of /** @type {const} */ ([
  ["RSA 2048", "rsa", 2048, "sha256"],
  ["RSA 3072", "rsa", 3072, "sha256"],
  ["RSA 4096", "rsa", 4096, "sha256"],
  ["RSA 2048 with SHA-384", "rsa", 2048, "sha384"],
  ["RSA 2048 with SHA-512", "rsa", 2048, "sha512"],
  ["RSA 3072 with SHA-384", "rsa", 3072, "sha384"],
  ["RSA 4096 with SHA-512", "rsa", 4096, "sha512"],
  ["P-256", "P-256", 0, "sha256"],
  ["P-256 with SHA-384", "P-256", 0, "sha384"],
  ["P-256 with SHA-512", "P-256", 0, "sha512"],
  ["P-384 with SHA-512", "P-384", 0, "sha512"],
  ["P-521 with SHA-384", "P-521", 0, "sha384"],
  ["P-384 with SHA-256", "P-384", 0, "sha256"],
  ["P-384 with SHA-384", "P-384", 0, "sha384"],
  ["P-521 with SHA-256", "P-521", 0, "sha256"],
  ["P-521 with SHA-512", "P-521", 0, "sha512"],
])) {
  test(`${name}, in both formats`, async () => {
    const key = keyPair(type, bits);
    const simple = await verify(simpleLayer(key.privateKey, good, { hash }), good, { publicKey: key.pem });
    assert.equal(simple.state, "verified", simple.reason);
    assert.equal(simple.signatures[0].hash, hash.replace("sha", "SHA-"));
    const bundle = bundleLayer(key.privateKey, { hash });
    const bundled = await verify(bundle.layer, bundle.bytes, { publicKey: key.pem });
    assert.equal(bundled.state, "verified", bundled.reason);
    assert.equal(bundled.signatures[0].repositoryBound, false);
  });
}

for (const [name, type, how, said] of /** @type {const} */ ([
  ["PSS with SHA-256 and the longest salt", "rsa", { hash: "sha256", padding: pss }, /RSA-PSS and SHA-256/],
  ["PSS with SHA-384", "rsa", { hash: "sha384", padding: pss }, /RSA-PSS and SHA-384/],
  ["PSS with SHA-512", "rsa", { hash: "sha512", padding: pss }, /RSA-PSS and SHA-512/],
  ["PKCS #1 with SHA-1", "rsa", { hash: "sha1" }, /PKCS1-v1_5 and SHA-1/],
  ["ECDSA with SHA-1", "P-256", { hash: "sha1" }, /ECDSA and SHA-1/],
])) {
  test(`${name} does not count, and is named, whichever key comes first`, async () => {
    const key = keyPair(type);
    const layer = simpleLayer(key.privateKey, good, how);
    const strangers = [keyPair("rsa").pem, keyPair("P-384").pem];
    for (const keys of [
      [key.pem, ...strangers],
      [...strangers, key.pem],
    ]) {
      const { state, reason } = await verify(layer, good, { keys, publicKey: undefined });
      assert.equal(state, "invalid");
      assert.match(reason, said);
    }
    const { reason } = await verify(layer, good, { publicKey: keyPair("rsa").pem });
    assert.equal(reason, "The signature was not made with any of the given keys.");
  });
}

test("PSS with a salt as long as the hash, as key services make it", async () => {
  const signature = sign("sha256", good, { key: rsa.privateKey, padding: pss, saltLength: 32 });
  const layer = simpleLayer(rsa.privateKey, good, { signature: signature.toString("base64") });
  assert.match((await verify(layer, good)).reason, /RSA-PSS and SHA-256/);
});

test("a threshold asks for so many different keys", async () => {
  const third = keyPair("P-256");
  const layers = (...keys) => manifestOf(...keys.map(({ privateKey }) => simpleLayer(privateKey, good)));
  const keys = [rsa.pem, other.pem, third.pem];
  const states = [];
  for (const [signers, threshold] of /** @type {const} */ ([
    [[rsa], 1],
    [[rsa], 2],
    [[rsa, rsa], 2],
    [[rsa, third], 2],
    [[rsa, other, third], 3],
  ])) {
    const options = { reference, keys, threshold, manifest: layers(...signers), blob: good };
    states.push((await verifySignatures(options)).state);
  }
  assert.deepEqual(states, ["verified", "invalid", "invalid", "verified", "verified"]);
  const twice = { reference, keys: [rsa.pem, rsa.pem], threshold: 2, manifest: layers(rsa), blob: good };
  await assert.rejects(verifySignatures(twice), { code: "bad-input", message: /only 1 different/ });
});

test("keys come as PEM, as DER, and as publicKey() returned them", async () => {
  const der = rsa.publicKey.export({ type: "spki", format: "der" });
  const product = {
    productOperations: [{ operationType: "SignOCI", token: { publicKey: der.toString("base64") } }],
  };
  const layer = simpleLayer(rsa.privateKey, good);
  for (const key of [rsa.pem, new Uint8Array(der), publicKey(product)]) {
    assert.equal((await verify(layer, good, { publicKey: key })).state, "verified");
  }
  for (const key of [undefined, null, 7, "", "-----BEGIN PUBLIC KEY-----", new Uint8Array(3), {}]) {
    await assert.rejects(verify(layer, good, { publicKey: key }), ({ code }) =>
      ["bad-input", "bad-public-key"].includes(code),
    );
  }
  await assert.rejects(verify(layer, good, { keys: [], publicKey: undefined }), { code: "bad-input" });
  await assert.rejects(verify(layer, good, { requireRepositry: true }), { code: "bad-input" });
  for (const nothing of [undefined, null, 7, {}, [7]]) {
    await assert.rejects(verify(layer, nothing), { code: "bad-input" });
    await assert.rejects(verify(layer, good, { manifest: nothing }), { code: "bad-input" });
  }
});

test("one key in many forms is one key", async () => {
  const der = rsa.publicKey.export({ type: "spki", format: "der" });
  const token = { publicKey: der.toString("base64").replace(/.{20}/g, "$& \n") };
  const shown = publicKey({ productOperations: [{ operationType: "SignOCI", token }] });
  /** @type {import("ocisign").VerificationKey[]} */
  const forms = [
    rsa.pem,
    ` ${rsa.pem}\r\n`,
    der.toString("base64"),
    new Uint8Array(der),
    shown,
    /** @type {any} */ ({ spki: der }),
  ];
  const { layer, bytes } = bundleLayer(rsa.privateKey);
  const signed = { reference, manifest: manifestOf(goodLayer, layer), blob: [good, bytes] };
  const { state, keys, signatures } = await verifySignatures({
    ...signed,
    keys: [...forms, other.pem],
    threshold: 2,
  });
  assert.deepEqual([state, keys], ["invalid", [shown.fingerprint]], "two signatures, one key");
  assert.ok(signatures.every(({ verified }) => verified));
  await assert.rejects(verifySignatures({ ...signed, keys: forms, threshold: 2 }), {
    code: "bad-input",
    message: /only 1 different/,
  });
  // biome-ignore lint/suspicious/noSparseArray: what is missing is no key.
  for (const keys of [[rsa.pem, , other.pem], [undefined]]) {
    await assert.rejects(verifySignatures({ ...signed, keys: /** @type {any} */ (keys) }), {
      code: "bad-input",
    });
  }
});
