// An ECDSA signature in DER, as r and s side by side.

/** @param {Uint8Array} der of a P-256 signature */
export function fixedLength(der) {
  const lengthOfR = der[3] ?? 0;
  const r = der.subarray(4, 4 + lengthOfR);
  const s = der.subarray(6 + lengthOfR);
  const fixed = new Uint8Array(64);
  for (const [at, number] of [r, s].entries()) {
    const digits = number.subarray(Math.max(number.length - 32, 0));
    fixed.set(digits, (at + 1) * 32 - digits.length);
  }
  return fixed;
}
