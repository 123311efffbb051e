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

/** What timers can count; beyond it they fire at once. */
const longest = 2 ** 31 - 1;

/**
 * The end of a piece of work: after `ms`, if that is given, or when the caller's own signal fires. What is under
 * way is told by `signal`; whoever waits is told by `stopped`, since not everything heeds a signal.
 */
export class Deadline {
  #controller = new AbortController();
  #outer;
  #timer;
  #stop;

  constructor(ms, outer) {
    this.timedOut = false;
    this.stopped = new Promise((resolve) => {
      this.#stop = () => {
        this.#controller.abort();
        resolve();
      };
    });
    this.#outer = outer;
    if (outer?.aborted) this.#stop();
    outer?.addEventListener("abort", this.#stop);
    if (ms === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.timedOut = true;
        this.#stop();
      },
      Math.min(ms, longest),
    );
  }

  get signal() {
    return this.#controller.signal;
  }

  end() {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#stop);
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
    const timer = setTimeout(done, Math.min(ms, longest));
    signal?.addEventListener("abort", done);
  });
}

// What a caller passes may throw at every touch, as a revoked proxy does. Rust has no way to catch that where it
// does not expect it, so these do: undefined stands for "not one of those".

/** The names of an object's own fields; undefined for a list, and for what is no object. */
export function keysOf(value) {
  try {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.keys(value);
  } catch {}
}

/** A plain copy of a list. */
export function listOf(value) {
  try {
    if (Array.isArray(value)) return Array.from(value);
  } catch {}
}

/** A copy of some bytes, if there are no more than `most`; also of a typed array of another window. */
export function bytesOf(value, most) {
  try {
    const isBytes = Object.prototype.toString.call(value) === "[object Uint8Array]";
    if (isBytes && value.byteLength <= most) return new Uint8Array(value);
  } catch {}
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

  /** The platform's own form of the key for an algorithm; it looks at a key more closely than we do. */
  imported(name, hash, namedCurve) {
    if (!this.#imported.has(hash)) {
      const algorithm = { name, hash, ...(namedCurve && { namedCurve }) };
      this.#imported.set(hash, importKey(this.#spki, algorithm));
    }
    return this.#imported.get(hash);
  }

  async holds(name, hash, namedCurve, signature, message) {
    const key = await this.imported(name, hash, namedCurve);
    return crypto.subtle.verify({ name, hash }, key, signature, message);
  }
}

async function importKey(spki, algorithm) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) {
    throw new OcisignError(
      "no-crypto",
      "There is no crypto.subtle here, so no signature can be checked.",
      "In a browser, open the page over HTTPS or on localhost; elsewhere use Node 20 or newer.",
    );
  }
  return subtle.importKey("spki", spki, algorithm, false, ["verify"]).catch(refuseKey);
}

/** A point that is not on its curve, for instance: only the platform looks that closely. */
function refuseKey(cause) {
  throw new OcisignError(
    "bad-public-key",
    "The platform's cryptography refuses the public key.",
    "Take the key from where it was made again; it is damaged.",
    undefined,
    cause,
  );
}
