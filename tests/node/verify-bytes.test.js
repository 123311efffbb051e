// Verification of signatures in hand: what cosign made, what Node's own cryptography made, and what must not pass.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { publicKey, simpleSigningPayload, verifySignatures } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import {
  bundleLayer,
  image,
  keyPair,
  manifestOf,
  payloadFor,
  pss,
  reference,
  simpleLayer,
} from "../support/signatures.js";

const cosign = new URL("../fixtures/cosign/", import.meta.url);
const rsa = keyPair("rsa");
const other = keyPair("rsa");
const good = Buffer.from(JSON.stringify(payloadFor()));

/** Verifies one layer over some bytes. */
function verify(layer, blob, options = {}) {
  return verifySignatures({ reference, publicKey: rsa.pem, manifest: manifestOf(layer), blob, ...options });
}

for (const name of readdirSync(cosign)) {
  const read = (file) => readFileSync(new URL(`${name}/${file}`, cosign));
  const about = JSON.parse(read("case.json"));
  const options = {
    manifest: read("manifest.json"),
    blob: read("blob"),
    publicKey: read("key.pem").toString(),
  };

  test(`${name}, made by ${about.signer}, verifies, and nothing else of it does`, async () => {
    const verified = await verifySignatures({ reference: about.reference, ...options });
    assert.equal(verified.state, "verified", verified.reason);
    const [signature] = verified.signatures;
    const isBundle = about.format.startsWith("bundle");
    assert.equal(signature.format, isBundle ? "bundle" : "simple-signing");
    assert.equal(signature.repositoryBound, !isBundle);
    assert.equal(signature.hash, about.hash.replace("sha", "SHA-"));
    assert.deepEqual(verified.keys, [signature.key]);

    const anotherKey = await verifySignatures({
      reference: about.reference,
      ...options,
      publicKey: other.pem,
    });
    assert.equal(anotherKey.state, "invalid");
    const anotherImage = await verifySignatures({
      ...options,
      reference: about.reference.replace(/[0-9a-f]{4}$/, "0000"),
    });
    assert.equal(anotherImage.state, "invalid");
    assert.match(anotherImage.reason, /another image/);
    const elsewhere = await verifySignatures({
      ...options,
      reference: about.reference.replace("fixtures/", "evil/"),
    });
    assert.equal(elsewhere.state, isBundle ? "verified" : "invalid");
    const strict = await verifySignatures({
      reference: about.reference,
      ...options,
      requireRepository: true,
    });
    assert.equal(strict.state, isBundle ? "invalid" : "verified");

    const changed = Buffer.from(options.blob);
    changed[changed.length >> 1] ^= 1;
    assert.equal(
      (await verifySignatures({ reference: about.reference, ...options, blob: changed })).state,
      "invalid",
    );
  });
}

for (const [name, type, bits, hash] of [
  ["RSA 2048", "rsa", 2048, "sha256"],
  ["RSA 3072", "rsa", 3072, "sha256"],
  ["RSA 4096", "rsa", 4096, "sha256"],
  ["P-256", "P-256", 0, "sha256"],
  ["P-384 with SHA-256", "P-384", 0, "sha256"],
  ["P-384 with SHA-384", "P-384", 0, "sha384"],
  ["P-521 with SHA-256", "P-521", 0, "sha256"],
  ["P-521 with SHA-512", "P-521", 0, "sha512"],
]) {
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

test("a hundred EC signatures, with r and s of every length", async () => {
  const key = keyPair("P-256");
  for (let count = 0; count < 100; count++) {
    const { state, reason } = await verify(simpleLayer(key.privateKey, good), good, { publicKey: key.pem });
    assert.equal(state, "verified", reason);
  }
});

test("each of these is invalid, with its reason", async () => {
  const signed = (payload) => Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
  const about = (payload, options) => {
    const bytes = signed(payload);
    return [simpleLayer(rsa.privateKey, bytes, options), bytes];
  };
  const right = simpleLayer(rsa.privateKey, good);
  const text = right.annotations["dev.cosignproject.cosign/signature"];
  const withSignature = (signature) => [simpleLayer(rsa.privateKey, good, { signature }), good];
  const flipped = Buffer.from(good);
  flipped[10] ^= 1;
  for (const [name, [layer, blob], said] of [
    ["a payload changed by one byte", [right, flipped], /digest/],
    [
      "changed together with its digest",
      [{ ...right, digest: digestOf(flipped) }, flipped],
      /any of the given keys/,
    ],
    ["a size that is wrong", [{ ...right, size: right.size + 1 }, good], /bytes/],
    [
      "a signature of another image",
      about(payloadFor({ digest: `sha256:${"0".repeat(64)}` })),
      /another image/,
    ],
    [
      "of another repository",
      about(payloadFor({ repository: "registry.example/team/other" })),
      /another repository/,
    ],
    [
      "of a registry that begins alike",
      about(payloadFor({ repository: "registry.example.evil.com/team/app" })),
      /another repository/,
    ],
    ["a wrong type", about(payloadFor({ type: "atomic container signature" })), /of type/],
    ["an extra key", about({ ...payloadFor(), extra: 1 }), /unknown field/],
    [
      "a duplicate key",
      about(JSON.stringify(payloadFor()).replace('"optional"', '"critical":{},"optional"')),
      /twice/,
    ],
    ["text after the payload", about(`${JSON.stringify(payloadFor())}{}`), /not JSON/],
    ["another key", [simpleLayer(other.privateKey, good), good], /any of the given keys/],
    ["PSS instead of PKCS1", about(payloadFor(), { padding: pss }), /any of the given keys/],
    ["SHA-512 with RSA", about(payloadFor(), { hash: "sha512" }), /any of the given keys/],
    ["truncated base64", withSignature(text.slice(0, -3)), /base64/],
    ["doubled base64", withSignature(text + text), /base64|any of the given keys/],
    [
      "doubled bytes",
      withSignature(
        Buffer.concat([Buffer.from(text, "base64"), Buffer.from(text, "base64")]).toString("base64"),
      ),
      /any of the given keys/,
    ],
    ["spaces in base64", withSignature(`${text.slice(0, 8)} ${text.slice(8)}`), /base64/],
    ["an empty signature", withSignature(""), /base64/],
    ["a payload of 200 MiB", [{ ...right, size: 200 * 1024 * 1024 }, good], /at most/],
    ["a layer of another type", [{ ...right, mediaType: "application/octet-stream" }, good], /no signature/],
  ]) {
    const verification = await verify(layer, blob);
    assert.equal(verification.state, "invalid", name);
    assert.equal(verification.signatures.length, 1, name);
    assert.equal(verification.signatures[0].verified, false, name);
    assert.match(verification.reason, said, name);
    assert.equal(verification.signatures[0].reason, verification.reason, name);
  }
  const wrapped = simpleLayer(rsa.privateKey, good, { signature: text.replace(/.{76}/g, "$&\r\n") });
  assert.equal((await verify(wrapped, good)).state, "verified", "wrapped at 76 columns");
});

test("manifests that are no manifests of signatures are invalid", async () => {
  const layer = simpleLayer(rsa.privateKey, good);
  for (const [manifest, said] of [
    [manifestOf(...Array(1001).fill(layer)), /1001 signatures/],
    [manifestOf(), /no signature/],
    [JSON.stringify({ mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] }), /of type/],
    [JSON.stringify({ mediaType: "text/html", layers: [layer] }), /of type/],
    ["<!doctype html>", /damaged/],
    ["", /damaged/],
    [new Uint8Array([0xff, 0xfe]), /damaged/],
  ]) {
    const verification = await verifySignatures({ reference, publicKey: rsa.pem, manifest, blob: good });
    assert.equal(verification.state, "invalid");
    assert.match(verification.reason, said);
  }
});

test("one good signature among bad ones is enough, and the bad ones are listed", async () => {
  const bad = [
    simpleLayer(other.privateKey, good),
    { ...simpleLayer(rsa.privateKey, good), size: 1 },
    { mediaType: "x" },
  ];
  const layers = [bad[0], bad[1], simpleLayer(rsa.privateKey, good), bad[2]];
  const verification = await verifySignatures({
    reference,
    publicKey: rsa.pem,
    manifest: manifestOf(...layers),
    blob: good,
  });
  assert.equal(verification.state, "verified");
  assert.deepEqual(
    verification.signatures.map(({ verified }) => verified),
    [false, false, true, false],
  );
  for (const { verified, reason } of verification.signatures) assert.equal(Boolean(reason), !verified);
  assert.deepEqual(
    verification.signatures.map(({ checked, failed }) => [checked.join(), failed]),
    [
      ["manifest,blob", "signature"],
      ["manifest", "blob"],
      ["manifest,blob,signature,content,repository", undefined],
      ["", "manifest"],
    ],
  );
});

test("the same signature from two manifests counts once, and says where it was", async () => {
  const manifest = manifestOf(simpleLayer(rsa.privateKey, good));
  const verification = await verifySignatures({
    reference,
    publicKey: rsa.pem,
    manifest: [manifest, manifest],
    blob: [good],
  });
  assert.equal(verification.signatures.length, 1);
});

test("a thousand signatures are looked at, wherever they are named; of more, nothing is concluded", async () => {
  const bad = (n) =>
    simpleLayer(rsa.privateKey, good, { signature: Buffer.from(`signature ${n}`).toString("base64") });
  const thousand = manifestOf(...Array.from({ length: 1000 }, (_, n) => bad(n)));
  const states = [];
  for (const manifest of [thousand, [thousand, thousand], [thousand, manifestOf(bad(1000))]]) {
    const { state, signatures } = await verifySignatures({
      reference,
      publicKey: rsa.pem,
      manifest,
      blob: good,
    });
    assert.equal(signatures.length, 1000);
    states.push(state);
  }
  assert.deepEqual(states, ["invalid", "invalid", "unreachable"]);
});

test("a threshold asks for so many different keys", async () => {
  const third = keyPair("P-256");
  const layers = (...keys) => manifestOf(...keys.map(({ privateKey }) => simpleLayer(privateKey, good)));
  const keys = [rsa.pem, other.pem, third.pem];
  const states = [];
  for (const [signers, threshold] of [
    [[rsa], 1],
    [[rsa], 2],
    [[rsa, rsa], 2],
    [[rsa, third], 2],
    [[rsa, other, third], 3],
  ]) {
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

test("the payload is what is signed, and its SHA-256 is openssl's", () => {
  const { text, sha256 } = simpleSigningPayload(reference);
  assert.equal(text, good.toString());
  assert.equal(`sha256:${sha256}`, digestOf(text));
  assert.ok(text.includes(image.digest));
});

test("bytes that cannot be used are refused, whatever is wrong with them, and the module lives on", async () => {
  const layer = simpleLayer(rsa.privateKey, good);
  const detached = new Uint8Array(8);
  structuredClone(detached, { transfer: [detached.buffer] });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  for (const options of [
    { publicKey: detached },
    { manifest: detached },
    { keys: [rsa.pem, revoked.proxy], publicKey: undefined },
    { blob: () => 10n },
    { blob: () => Symbol("x") },
    { blob: () => "text" },
    { blob: () => undefined },
    { blob: () => detached },
  ]) {
    const outcome = await verify(layer, good, options).then(
      ({ state }) => state,
      ({ code }) => code,
    );
    assert.ok(["bad-input", "bad-public-key", "invalid"].includes(outcome), outcome);
  }
  await assert.rejects(
    verify(layer, good, { blob: () => Promise.reject(new TypeError("my bug")) }),
    /my bug/,
  );
  const large = await verify(layer, good, { blob: () => new Uint8Array(1 << 28) });
  assert.deepEqual([large.state, large.signatures[0].failed], ["invalid", "blob"]);
  const otherWindow = runInNewContext("new Uint8Array(bytes)", { bytes: [...good] });
  assert.equal((await verify(layer, otherWindow, { blob: () => otherWindow })).state, "verified");
});
