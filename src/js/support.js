// What Rust cannot say in WebAssembly: a subclass of Error, timers, and a comparison of JSON values.
// The package re-exports OcisignError from this very file, so that there is one class only.

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

/** A signal for one call: it fires after `ms`, or when the caller's own signal does. */
export class Deadline {
  #controller = new AbortController();
  #outer;
  #timer;
  #abort = () => this.#controller.abort();

  constructor(ms, outer) {
    this.timedOut = false;
    this.#outer = outer;
    if (outer?.aborted) this.#abort();
    outer?.addEventListener("abort", this.#abort);
    this.#timer = setTimeout(() => {
      this.timedOut = true;
      this.#abort();
    }, ms);
  }

  get signal() {
    return this.#controller.signal;
  }

  end() {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#abort);
  }
}

/** Resolves after `ms`, or at once when the signal fires: the caller looks at the signal afterwards. */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}

/** Are two JSON values equal? The order of an object's keys does not count; everything else does. */
export function sameJson(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/** A public key that the platform checks signatures with. Imported once for each hash. */
export class Verifier {
  #spki;
  #imported = new Map();

  constructor(spki) {
    this.#spki = spki;
  }

  async holds(name, hash, namedCurve, signature, message) {
    const subtle = globalThis.crypto?.subtle;
    if (!subtle) {
      throw new OcisignError(
        "no-crypto",
        "There is no crypto.subtle here, so no signature can be checked.",
        "In a browser, open the page over HTTPS or on localhost; elsewhere use Node 20 or newer.",
      );
    }
    if (!this.#imported.has(hash)) {
      const algorithm = { name, hash, ...(namedCurve && { namedCurve }) };
      this.#imported.set(hash, subtle.importKey("spki", this.#spki, algorithm, false, ["verify"]));
    }
    return subtle.verify({ name, hash }, await this.#imported.get(hash), signature, message);
  }
}
