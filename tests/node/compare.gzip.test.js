// Is gzip unpacked alike by the platform and, where it has several parts, by the library?
import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { packedZeros } from "../support/endless-layer.js";
import { newSeed, randomNumbers } from "../support/random.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/compare/layer/unpacking.ts")} */
const { AnyPacking } = await importSource("pkg/src/compare/layer/unpacking.ts");

/** @param {Buffer} bytes @param {boolean} isInParts @param {number} piece @param {(bytes: Uint8Array) => void} [sink] */
async function unpacked(bytes, isInParts, piece, sink) {
  /** @type {Buffer[]} */
  const parts = [];
  const unpacking = new AnyPacking(sink ?? ((part) => parts.push(Buffer.from(part))), isInParts);
  for (let at = 0; at < bytes.length; at += piece) {
    await unpacking.write(new Uint8Array(bytes.subarray(at, at + piece)));
  }
  await unpacking.end();
  return Buffer.concat(parts);
}

test("random content in random parts, whole and damaged", async (t) => {
  const seed = newSeed();
  t.diagnostic(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  for (let round = 0; round < 60; round++) {
    const contents = Array.from({ length: 1 + random(6) }, () =>
      Buffer.from(Array.from({ length: random(3000) }, () => random(random(2) ? 256 : 4))),
    );
    const whole = Buffer.concat(contents);
    const packed = Buffer.concat(contents.map((part) => gzipSync(part, { level: 1 + random(9) })));
    for (const isInParts of [true, false]) {
      const out = await unpacked(packed, isInParts, 1 + random(2 * packed.length));
      assert.ok(out.equals(whole), `${isInParts}`);
    }
    const damaged = Buffer.from(packed);
    damaged[random(damaged.length)] ^= 1 << random(8);
    const cut = random(2) ? damaged : packed.subarray(0, random(packed.length));
    let expected = true;
    try {
      gunzipSync(cut);
    } catch {
      expected = false;
    }
    // The library checks no checksums: a layer is checked by its digest.
    await unpacked(cut, true, 1 + random(500)).catch((error) => {
      assert.equal(error.name, "Fault", error.stack);
      assert.equal(expected && cut.length > 20 && cut[0] === 0x1f, false, error.message);
    });
  }
});

test("what who takes it throws comes back, and ends it", async () => {
  const bytes = await packedZeros(8);
  for (const isInParts of [true, false]) {
    let taken = 0;
    const refusing = (/** @type {Uint8Array} */ part) => {
      taken += part.length;
      if (taken > 1e6) throw new RangeError("enough");
    };
    await assert.rejects(unpacked(bytes, isInParts, 1000, refusing), {
      name: "RangeError",
      message: "enough",
    });
    assert.ok(taken < 4e6, `${taken}`);
  }
});
