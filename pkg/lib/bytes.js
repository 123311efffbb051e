// Bytes that somebody else hands over. What a caller passes may throw at every touch, as a revoked proxy does: that is
// no bytes either.

/**
 * A copy of some bytes, if there are no more than `most`; also of a typed array of another window.
 *
 * @param {any} value @param {number} most @returns {Uint8Array<ArrayBuffer> | undefined}
 */
export function bytesOf(value, most) {
  try {
    const isBytes = Object.prototype.toString.call(value) === "[object Uint8Array]";
    if (isBytes && value.byteLength <= most) return new Uint8Array(value);
  } catch {}
}

/** The same of a field of an object. @param {any} value @param {string} key @param {number} most */
export function bytesIn(value, key, most) {
  try {
    return bytesOf(value[key], most);
  } catch {}
}
