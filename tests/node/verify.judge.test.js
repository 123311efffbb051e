// One verdict from all signatures, the good, the bad and those that cannot be read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError, verifySignatures } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { good, goodLayer, other, rsa, verify, withOptional } from "../support/proving.js";
import { bundleLayer, keyPair, manifestOf, reference, simpleLayer } from "../support/signatures.js";

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

test("one verdict from all", async () => {
  const second = keyPair("P-256");
  const bundled = bundleLayer(rsa.privateKey);
  const away = Buffer.from(withOptional("1"));
  const layers = {
    first: goodLayer,
    again: bundled.layer,
    second: simpleLayer(second.privateKey, good),
    bad: simpleLayer(other.privateKey, good),
    away: simpleLayer(rsa.privateKey, away),
    lost: simpleLayer(rsa.privateKey, Buffer.from(withOptional("2"))),
  };
  const blob = (digest) => {
    if (digest === digestOf(good)) return good;
    if (digest === bundled.layer.digest) return bundled.bytes;
    if (digest === digestOf(away)) throw new OcisignError("network", "It does not answer.", "Wait.");
    throw new OcisignError("not-found", "It is not there.", "Look.");
  };
  for (const [names, threshold, state] of /** @type {const} */ ([
    ["bad", 1, "invalid"],
    ["lost", 1, "invalid"],
    ["away", 1, "unreachable"],
    ["bad away lost", 1, "unreachable"],
    ["bad first lost", 1, "verified"],
    ["away first", 1, "verified"],
    ["first again first", 2, "invalid"],
    ["first bad again away", 2, "unreachable"],
    ["first second", 2, "verified"],
    ["away first bad second", 2, "verified"],
  ])) {
    const manifest = manifestOf(
      ...names.split(" ").map((name) => layers[/** @type {keyof typeof layers} */ (name)]),
    );
    const keys = [rsa.pem, second.pem];
    const verification = await verifySignatures({ reference, keys, threshold, manifest, blob });
    assert.equal(verification.state, state, `${threshold} of ${names}: ${verification.reason}`);
  }
});

test("a platform that cannot say whether a signature holds proves nothing, and hides nothing", async (t) => {
  const failure = new DOMException("The operation failed.", "OperationError");
  const real = crypto.subtle.verify.bind(crypto.subtle);
  const { layer, bytes } = bundleLayer(rsa.privateKey);
  const both = { reference, manifest: manifestOf(goodLayer, layer), blob: [good, bytes] };
  /** @type {(...given: Parameters<typeof real>) => boolean} */
  let fails = () => true;
  t.mock.method(crypto.subtle, "verify", (/** @type {Parameters<typeof real>} */ ...given) =>
    fails(...given) ? Promise.reject(failure) : real(...given),
  );
  const none = await verifySignatures({ ...both, publicKey: rsa.pem });
  assert.equal(none.state, "unreachable");
  assert.match(none.reason, /cryptography could not check/);
  assert.deepEqual(
    none.problems.map(({ code }) => code),
    ["no-crypto", "no-crypto"],
  );
  for (const { verified, checked, failed } of none.signatures) {
    assert.deepEqual([verified, checked, failed], [false, ["manifest", "blob"], undefined]);
  }
  fails = (_algorithm, _key, _signature, message) => message.byteLength === good.length;
  const one = await verifySignatures({ ...both, publicKey: rsa.pem });
  assert.equal(one.state, "verified", "the other signature counts");
  // To the EC key, an RSA signature is a fault; the RSA key's answer is what is missing.
  const ec = keyPair("P-256").pem;
  fails = (algorithm) => Object(algorithm).name !== "ECDSA";
  for (const keys of [
    [ec, rsa.pem],
    [rsa.pem, ec],
  ]) {
    const { state } = await verify(goodLayer, good, { keys, publicKey: undefined });
    assert.equal(state, "unreachable", "what one key refuses, the other might have signed");
  }
  let calls = 0;
  fails = () => calls++ === 0;
  const second = await verify(goodLayer, good, { keys: [other.pem, rsa.pem], publicKey: undefined });
  assert.equal(second.state, "verified", "that the first key was not asked says nothing of the second");
});
