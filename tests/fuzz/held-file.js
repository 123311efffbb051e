// A file of which the bytes are in hand, as far as readers of pieces ask for it.

/** @param {Buffer} bytes @returns {import("node:fs/promises").FileHandle} */
export function heldFile(bytes) {
  const held = {
    async read(
      /** @type {Buffer} */ into,
      /** @type {number} */ offset,
      /** @type {number} */ length,
      /** @type {number} */ position,
    ) {
      const bytesRead = bytes.copy(into, offset, position, position + length);
      return { bytesRead, buffer: into };
    },
  };
  // No reader calls anything else of it.
  return /** @type {any} */ (held);
}
