// In which form a signature and the blob that it signs must come.
import assert from "node:assert/strict";
import { createHash, sign } from "node:crypto";
import { test } from "node:test";
import { annotation, good, goodLayer, refused, rsa, verify, verifyBundle } from "../support/proving.js";
import { keyPair, simpleLayer } from "../support/signatures.js";

/** DER of one element. */
function element(tag, content, length = [content.length]) {
  return Buffer.from([tag, ...length, ...content]);
}

test("a blob must be the one that was named", async () => {
  const changed = Buffer.from(good);
  changed[20] ^= 1;
  for (const wrong of [changed, good.subarray(1), Buffer.alloc(0), Buffer.concat([good, good])]) {
    await refused(verify(goodLayer, good, { blob: () => wrong }), "blob", /blob/);
  }
  for (const algorithm of ["sha384", "sha512"]) {
    const layer = {
      ...goodLayer,
      digest: `${algorithm}:${createHash(algorithm).update(good).digest("hex")}`,
    };
    assert.equal((await verify(layer, good)).state, "verified", algorithm);
    await refused(verify(layer, good, { blob: () => changed }), "blob", /digest/, algorithm);
  }
});

test("a signature is base64 in its one form", async () => {
  const signature = goodLayer.annotations[annotation];
  // 256 bytes end in `==`, and leave four bits that have to be zero.
  const lastBits = signature.replace(/.==$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}==`);
  for (const wrong of [
    "",
    "\r\n",
    "!",
    lastBits,
    signature.replace("==", ""),
    signature.replace("==", "="),
    `${signature}=`,
    `${signature}\t`,
    ` ${signature}`,
    `${signature}\u00a0`,
    `${signature}\u0000`,
    `-_${signature.slice(2)}`,
    `é${signature.slice(1)}`,
  ]) {
    const bytes = simpleLayer(rsa.privateKey, good, { signature: wrong });
    await refused(verify(bytes, good), "blob", /not base64/, wrong);
    const around = (it) => {
      it.dsseEnvelope.signatures[0].sig = wrong;
    };
    await refused(verifyBundle({ around }), "blob", /not base64/, wrong);
  }
});

test("an EC signature in any form but its DER is refused", async () => {
  const { pem, privateKey } = keyPair("P-384");
  const read = (bytes) => {
    const layer = simpleLayer(privateKey, good, { signature: Buffer.from(bytes).toString("base64") });
    return verify(layer, good, { publicKey: pem });
  };
  const fixed = sign("sha256", good, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const number = (bytes) => {
    const start = bytes.findIndex((byte) => byte !== 0);
    const shortest = [...bytes.subarray(start)];
    return shortest[0] >= 0x80 ? [0, ...shortest] : shortest;
  };
  const [r, s] = [number(fixed.subarray(0, 48)), number(fixed.subarray(48))];
  const integers = (one, two) => [...element(2, one), ...element(2, two)];
  const numbers = integers(r, s);
  const whole = element(0x30, numbers);
  assert.equal((await read(whole)).state, "verified");

  const form = /not the DER form/;
  for (const [name, bytes, said] of /** @type {const} */ ([
    ["r and s side by side", fixed, form],
    ["a byte behind", [...whole, 0], form],
    ["a byte behind, within", element(0x30, [...numbers, 0]), form],
    ["a third number", element(0x30, [...numbers, 2, 1, 1]), form],
    ["one number", element(0x30, element(2, r)), form],
    ["cut short", whole.subarray(0, -1), form],
    ["a length in two bytes", element(0x30, numbers, [0x81, numbers.length]), form],
    ["a length in three bytes", element(0x30, numbers, [0x82, 0, numbers.length]), form],
    ["a length without end", [...element(0x30, numbers, [0x80]), 0, 0], form],
    ["a length of r in two bytes", element(0x30, [2, 0x81, r.length, ...r, ...element(2, s)]), form],
    ["r with a zero too much", element(0x30, integers([0, ...r], s)), form],
    ["s with a zero too much", element(0x30, integers(r, [0, ...s])), form],
    ["a negative r", element(0x30, integers([0x81], s)), form],
    ["no bytes of r", element(0x30, integers([], s)), form],
    ["a set", element(0x31, numbers), form],
    ["r as a bit string", element(0x30, [...element(3, r), ...element(2, s)]), form],
    ["r longer than the curve", element(0x30, integers(Array(49).fill(0x7f), s)), /larger curve/],
    [
      "s longer than any curve",
      element(0x30, [2, 1, 1, 2, 0x81, 200, ...Array(200).fill(1)], [0x81, 206]),
      /larger/,
    ],
    ["r of zero", element(0x30, integers([0], s)), /any of the given keys/],
    ["s of zero", element(0x30, integers(r, [0])), /any of the given keys/],
    ["r and s in the other order", element(0x30, integers(s, r)), /any of the given keys/],
    ["nothing", [0x30, 0], form],
    ["half a head", [0x30], form],
  ])) {
    await refused(read(bytes), "signature", said, name);
  }
  // A key of another kind does not hide the one that signed, whichever comes first.
  for (const keys of [
    [pem, rsa.pem],
    [rsa.pem, pem],
  ]) {
    const signed = await verify(goodLayer, good, { keys, publicKey: undefined });
    assert.equal(signed.state, "verified");
  }
});

test("a hundred EC signatures, with r and s of every length", async () => {
  const key = keyPair("P-256");
  for (let count = 0; count < 100; count++) {
    const { state, reason } = await verify(simpleLayer(key.privateKey, good), good, { publicKey: key.pem });
    assert.equal(state, "verified", reason);
  }
});
