// What Rust cannot say in WebAssembly: a subclass of Error. The package re-exports it from this very file, so that
// there is one class only.

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
