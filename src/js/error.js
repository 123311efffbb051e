// What Rust cannot say in WebAssembly: a subclass of Error, and a call that may throw and leaves nothing behind. The
// package re-exports the class from this very file, so that there is one only.

/** Every error of ocisign: a stable `code`, a message that names the place, and a `fix`. */
export class OcisignError extends Error {
  static {
    // The name that Node prints, also of minified code.
    Object.defineProperty(OcisignError, "name", { value: "OcisignError" });
  }

  /**
   * @param {string} code
   * @param {string} message
   * @param {string} fix
   * @param {number} [offset] bytes from the beginning of the text that was given
   * @param {unknown} [cause]
   * @param {"no" | "maybe"} [taken] may the service have done what was asked, although the call failed?
   */
  constructor(code, message, fix, offset, cause, taken = "no") {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "OcisignError";
    this.code = code;
    this.fix = fix;
    if (offset !== undefined) this.offset = offset;
    this.taken = taken;
  }
}

const encoder = new TextEncoder();
/** Most texts fit in: to encode one into bytes that are there takes a tenth of the time of making new ones. */
const room = new Uint8Array(8192);

/**
 * The JSON of plain data, as UTF-8; empty for what JSON leaves out, such as undefined, and undefined for what has no JSON.
 *
 * @param {unknown} value
 * @returns {Uint8Array | undefined}
 */
export function jsonOf(value) {
  try {
    const text = JSON.stringify(value) ?? "";
    const { read, written } = encoder.encodeInto(text, room);
    return read < text.length ? encoder.encode(text) : room.subarray(0, written);
  } catch {}
}

/**
 * A copy of some bytes; nothing when there are none any more, as when their buffer was handed to a worker.
 *
 * @param {ArrayBufferView} view
 * @returns {Uint8Array | undefined}
 */
export function bytesOf(view) {
  try {
    if (ArrayBuffer.isView(view)) return new Uint8Array(view);
  } catch {}
}
