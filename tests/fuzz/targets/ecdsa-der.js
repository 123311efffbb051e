// DER of ECDSA signatures: what is accepted is the one spelling of its two numbers, written here once more.
import assert from "node:assert/strict";
import { Fault, fixedLength } from "../../support/readers.js";
import { refusedBy } from "../refused.js";

export const longest = 160;
const sizes = { "P-256": 32, "P-384": 48, "P-521": 66 };

/** @param {Buffer} input */
export function judge(input) {
  for (const [curve, size] of Object.entries(sizes)) {
    const fixed = refusedBy(Fault, () => fixedLength(input, curve));
    if (!fixed) continue;
    assert.equal(fixed.length, 2 * size);
    assert.deepEqual(sequence(integer(fixed.subarray(0, size)), integer(fixed.subarray(size))), input);
  }
}

/** @param {Uint8Array} bytes */
function integer(bytes) {
  const hex = BigInt(`0x${Buffer.from(bytes).toString("hex")}`).toString(16);
  const whole = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
  const own = (whole[0] ?? 0) < 0x80 ? whole : Buffer.concat([Buffer.of(0), whole]);
  return Buffer.concat([Buffer.of(0x02, own.length), own]);
}

/** @param {Buffer[]} parts */
function sequence(...parts) {
  const { length } = Buffer.concat(parts);
  return Buffer.concat([length < 0x80 ? Buffer.of(0x30, length) : Buffer.of(0x30, 0x81, length), ...parts]);
}
