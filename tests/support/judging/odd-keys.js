// Keys that are damaged, weak, or of another kind.
import { mutated } from "../random.js";
import { element, objectIdentifier, pem, sequence, spki, unsigned } from "./der.js";
import { pick } from "./json-text.js";

/**
 * @typedef {import("./json-text.js").Random} Random
 * @typedef {import("./keys.js").Key} Key
 */

/** A key that is damaged, weak, or of another kind. @param {Key} key @param {Random} random */
export function oddKey(key, random) {
  const { der } = key;
  const ed25519 = spki(sequence(element(6, Buffer.from([0x2b, 0x65, 0x70]))), Buffer.alloc(32, 7));
  const any = [
    () => mutated(der, random),
    () => mutated(der, random),
    () => ed25519,
    () => Buffer.concat([der, Buffer.alloc(1)]),
    () => rsaKeyThatSpells(pem(der).repeat(2)),
  ];
  const own = key.kind === "ec" ? oddEcKeys(key, random) : oddRsaKeys(key, random);
  return pick(random, [...any, ...own])();
}

/**
 * An RSA key whose modulus is text: another key in PEM, twice, as a file of two keys. It has to count for nothing.
 *
 * @param {string} text
 */
function rsaKeyThatSpells(text) {
  const modulus = Buffer.alloc(512, 0xff);
  modulus.write(text, 1);
  const algorithm = sequence(objectIdentifier("1.2.840.113549.1.1.1"), element(5));
  return spki(algorithm, sequence(unsigned(BigInt(`0x${modulus.toString("hex")}`)), unsigned(65_537n)));
}

/** @param {import("./keys.js").EcKey} key @param {Random} random @returns {(() => Buffer)[]} */
function oddEcKeys({ point, der, size }, random) {
  const withPoint = (/** @type {Uint8Array} */ other) => {
    const algorithm = der.subarray(der.indexOf(0x30, 2), der.indexOf(Buffer.from([0x03]), -point.length - 4));
    return spki(Buffer.from(algorithm), other);
  };
  return [
    () => withPoint(Buffer.concat([Buffer.from([2 + (point[2 * size] & 1)]), point.subarray(1, 1 + size)])),
    () => withPoint(Buffer.concat([Buffer.from([6 + (point[2 * size] & 1)]), point.subarray(1)])),
    () => withPoint(Buffer.from(point).fill(point[2 * size] ^ 1, 2 * size)),
    () => withPoint(Buffer.concat([Buffer.from([4]), Buffer.alloc(2 * size)])),
    () => withPoint(Buffer.concat([Buffer.from([4]), Buffer.alloc(2 * size, 0xff)])),
    () => withPoint(Buffer.alloc(1)),
    () => withPoint(Buffer.concat([point, Buffer.alloc(random(2))])),
  ];
}

/** @param {import("./keys.js").RsaKey} key @param {Random} random @returns {(() => Buffer)[]} */
function oddRsaKeys({ key, modulus }, random) {
  const number = (/** @type {bigint} */ it) => {
    const digits = it.toString(16);
    const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
    return element(2, Buffer.from(bytes[0] >= 0x80 ? [0] : []), bytes);
  };
  const algorithm = (/** @type {Buffer} */ parameters) =>
    sequence(element(6, Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01])), parameters);
  const usual = algorithm(Buffer.from([5, 0]));
  const of = (/** @type {bigint} */ n, /** @type {bigint} */ e) =>
    spki(usual, sequence(number(n), number(e)));
  const exponents = [
    0n,
    1n,
    2n,
    3n,
    65_536n,
    65_537n,
    2n ** 31n - 1n,
    2n ** 31n + 1n,
    2n ** 33n + 1n,
    modulus,
  ];
  return [
    () => of(modulus, pick(random, exponents)),
    () => of(modulus - 1n, 65_537n),
    () => of(modulus >> 1n, 65_537n),
    () => of(modulus << 8n, 65_537n),
    () => of(modulus >> 1024n, 65_537n),
    () => spki(algorithm(Buffer.alloc(0)), key),
    () => spki(algorithm(Buffer.from([5, 1, 0])), key),
    () => spki(usual, Buffer.concat([key, Buffer.alloc(1)])),
    () => sequence(usual, element(3, Buffer.from([random(8)]), key)),
  ];
}
