// What Rust cannot say in WebAssembly: a subclass of Error, and a call that may throw and leaves nothing behind. The
// package re-exports the class from this very file, so that there is one only.

/** Every error of ocisign: a stable `code`, a message that names the place, and a `fix`. */
export class OcisignError extends Error {
  constructor(code, message, fix, offset, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "OcisignError";
    this.code = code;
    this.fix = fix;
    if (offset !== undefined) this.offset = offset;
  }
}

/** A copy of plain data, as the only element of a list; nothing when there is none. */
export function copyOf(value) {
  try {
    const text = JSON.stringify(value);
    return [text && JSON.parse(text)];
  } catch {}
}
