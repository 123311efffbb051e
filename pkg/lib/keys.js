// The keys of a verification: read by the module, used by the platform.
import { bytesIn, bytesOf } from "./bytes.js";
import { subtleCrypto } from "./cryptography.js";
import { count } from "./options.js";
import { algorithmsOf } from "./proof/algorithms.js";

/**
 * A key, and how signatures may have been made with it.
 *
 * @typedef {object} Key
 * @property {string} fingerprint
 * @property {Uint8Array<ArrayBuffer>} spki
 * @property {string} keyType
 * @property {import("./proof/algorithms.js").Algorithm[]} algorithms
 * @property {Check[]} checks for each algorithm, whether a signature over a message holds
 *
 * @typedef {(signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>) => Promise<boolean>} Check
 *
 * @typedef {{ keys: Key[], threshold: number }} KeySet
 */

/** The largest key that is read, in bytes. */
const mostBytes = 65_536;

/** @param {any} core */
export function keySets({ readKey, fail }) {
  /** Reads `{ publicKey | keys, threshold }`, and refuses what cannot be used before anything is fetched for it. @param {any} options @returns {Promise<KeySet>} */
  return async function readKeys(options) {
    const keys = distinct(given(options).map(read));
    if (keys.length === 0) {
      throw fail("bad-input", "There is no key to verify with.", "Pass publicKey, or a list of keys.");
    }
    const threshold = count(options, "threshold", fail) ?? 1;
    if (threshold > keys.length) {
      const message = `threshold is ${threshold}, but there are only ${keys.length} different keys.`;
      throw fail("bad-input", message, "Pass as many keys as have to agree, or more.");
    }
    for (const key of keys) {
      key.algorithms = algorithmsOf[key.keyType];
      key.checks = await Promise.all(key.algorithms.map((algorithm) => checkWith(key.spki, algorithm)));
    }
    return { keys, threshold };
  };

  /** @param {any} options @returns {any[]} */
  function given({ publicKey, keys }) {
    if (keys === undefined || keys === null) return [publicKey];
    if (publicKey !== undefined && publicKey !== null) {
      throw fail("bad-input", "publicKey and keys are both given.", "Pass one of the two.");
    }
    if (Array.isArray(keys)) return [...keys];
    throw fail("bad-input", "keys is not a list.", "Pass a list of keys, or publicKey.");
  }

  /** As PEM, as DER, or as `publicKey()` returned it. @param {any} value @returns {Key} */
  function read(value) {
    if (typeof value === "string") return readKey(value, new Uint8Array());
    const der = bytesOf(value, mostBytes) ?? bytesIn(value, "spki", mostBytes);
    if (der) return readKey(undefined, der);
    throw fail(
      "bad-input",
      "The public key is neither PEM, nor DER bytes, nor a key of publicKey().",
      "Pass one of these.",
    );
  }

  /** @param {BufferSource} spki @param {import("./proof/algorithms.js").Algorithm} algorithm @returns {Promise<Check>} */
  async function checkWith(spki, algorithm) {
    const key = await importKey(spki, algorithm);
    return (signature, message) =>
      crypto.subtle.verify(algorithm, key, signature, message).catch((/** @type {unknown} */ cause) => {
        // That is not even a no.
        const what = "The platform's cryptography could not check a signature.";
        throw fail("no-crypto", what, "Verify it with another browser, or with Node.", cause);
      });
  }

  /** @param {BufferSource} spki @param {{ name: string, hash: string }} algorithm @returns {Promise<CryptoKey>} */
  async function importKey(spki, algorithm) {
    return subtleCrypto(fail)
      .importKey("spki", spki, algorithm, false, ["verify"])
      .catch((/** @type {unknown} */ cause) => {
        // A point that is not on its curve, for instance: only the platform looks that closely.
        throw fail(
          "bad-public-key",
          "The platform's cryptography refuses the public key.",
          "Take the key from where it was made again; it is damaged.",
          cause,
        );
      });
  }
}

/** @param {Key[]} keys */
function distinct(keys) {
  return [...new Map(keys.map((key) => [key.fingerprint, key])).values()];
}
