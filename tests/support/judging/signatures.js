// What is wrong with a signature, or only looks so: its numbers, their DER form, RSA's padding, and base64.
import { element, sequence, unsigned } from "./der.js";
import { pick } from "./json-text.js";
import { bytesOf, digestInfo, encoded, encodedForPss, hashed, numberOf } from "./keys.js";

/**
 * @typedef {import("./json-text.js").Random} Random
 * @typedef {import("./keys.js").Hash} Hash
 * @typedef {import("./keys.js").EcKey} EcKey
 * @typedef {import("./keys.js").RsaKey} RsaKey
 * @typedef {import("./keys.js").Key} Key
 */

/** @param {number} tag @param {number[]} length @param {Uint8Array} content */
const longer = (tag, length, content) => Buffer.concat([Buffer.from([tag, ...length]), content]);

/** A number as it should not be written. @param {bigint} number @param {Random} random */
function oddInteger(number, random) {
  const right = unsigned(number);
  const content = right.subarray(2);
  return pick(random, [
    // A zero more, a zero less, a sign, a longer length, and nothing.
    () => element(2, Buffer.from([0]), content),
    () => element(2, content[0] === 0 ? content.subarray(1) : Buffer.concat([Buffer.from([0, 0]), content])),
    () => element(2, Buffer.from(content.map((byte) => 255 - byte))),
    () => longer(2, [0x81, content.length], content),
    () => element(2),
    () => element(pick(random, [3, 4, 10, 0x22, 0x82]), content),
    () => element(2, Buffer.alloc(1 + random(40)), content),
  ])();
}

/**
 * A signature of ECDSA with something odd in it. `order - s` is valid, and so is nothing else here but by chance.
 *
 * @param {EcKey} key @param {Uint8Array} message @param {Hash} hash @param {Random} random
 */
function oddEcdsa(key, message, hash, random) {
  const { r, s } = key.numbers(message, hash, random);
  const { order, size } = key;
  const both = Buffer.concat([unsigned(r), unsigned(s)]);
  return pick(random, [
    () => sequence(unsigned(r), unsigned(order - s)),
    () => sequence(unsigned(r + order), unsigned(s)),
    () => sequence(unsigned(r), unsigned(s + order)),
    () => sequence(unsigned(s), unsigned(r)),
    () => sequence(unsigned(pick(random, [0n, 1n, order, order - 1n])), unsigned(s)),
    () => sequence(unsigned(r), unsigned(pick(random, [0n, 1n, order, order - 1n]))),
    () => sequence(unsigned(0n), unsigned(0n)),
    () => sequence(oddInteger(r, random), unsigned(s)),
    () => sequence(oddInteger(r, random), unsigned(s)),
    () => sequence(unsigned(r), oddInteger(s, random)),
    () => sequence(unsigned(r), oddInteger(s, random)),
    () => sequence(both, Buffer.alloc(1 + random(3))),
    () => sequence(both, unsigned(1n)),
    () => Buffer.concat([sequence(both), Buffer.alloc(1 + random(3))]),
    () => longer(0x30, [0x81, both.length], both),
    () => longer(0x30, [0x82, 0, both.length], both),
    () => longer(0x30, [0x80], Buffer.concat([both, Buffer.alloc(2)])),
    () => longer(0x30, [both.length + 1], both),
    () => longer(0x30, [both.length - 1], both),
    () => longer(0x31, [both.length], both),
    () => sequence(sequence(both)),
    () => both,
    () => Buffer.concat([bytesOf(r, size), bytesOf(s, size)]),
    () => sequence(unsigned(r), unsigned(s << 8n)),
  ])();
}

/** @type {readonly Hash[]} */
const otherHashes = ["sha1", "sha256", "sha384"];

/**
 * A signature of RSA with something odd in it; mostly in what only its key's owner can make.
 *
 * @param {RsaKey} key @param {Uint8Array} message @param {Hash} hash @param {Random} random
 */
function oddRsa(key, message, hash, random) {
  const { size, modulus } = key;
  const [info, digest] = [Buffer.from(digestInfo[hash], "hex"), hashed(hash, message)];
  const block = encoded(size, info, digest);
  const right = () => key.root(block);
  return pick(random, [
    // Padding that is shorter, with something behind the hash; of another kind; with a zero in it.
    () =>
      key.root(
        Buffer.concat([
          Buffer.from([0, 1, ...Array(8).fill(0xff), 0]),
          info,
          digest,
          Buffer.alloc(size - 11 - info.length - digest.length, 0xff),
        ]),
      ),
    () => key.root(Buffer.from(block).fill(2, 1, 2)),
    () => key.root(Buffer.from(block).fill(0, 1, 2)),
    () => key.root(Buffer.from(block).fill(0, 5, 6)),
    () => key.root(Buffer.from(block).fill(0xfe, 9, 10)),
    // The hash without what says which, without its NULL, or with another's name.
    () => key.root(encoded(size, digest)),
    () => key.root(encoded(size, withoutNull(info), digest)),
    () => key.root(encoded(size, Buffer.from(digestInfo[pick(random, otherHashes)], "hex"), digest)),
    () => key.root(encoded(size, info, digest, Buffer.alloc(1))),
    () => key.root(encoded(size, longer(0x30, [0x81, info[1]], info.subarray(2)), digest)),
    // RSA-PSS.
    () => key.root(encodedForPss(key, message, hash)),
    // The same number in another form, and other numbers.
    () => bytesOf(numberOf(right()) + modulus, size + 1),
    () => Buffer.concat([Buffer.alloc(1), right()]),
    () => right().subarray(0, size - 1),
    () => right().subarray(1),
    () => Buffer.from(right()).reverse(),
    () => bytesOf(modulus - numberOf(right()), size),
    () => bytesOf(pick(random, [0n, 1n, modulus - 1n, modulus]), size),
  ])();
}

/** @param {Buffer} info */
function withoutNull(info) {
  // The two bytes before the string, and the lengths around them.
  const changed = Buffer.concat([info.subarray(0, -4), info.subarray(-2)]);
  changed[1] -= 2;
  changed[3] -= 2;
  return changed;
}

/** @param {Key} key @param {Uint8Array} message @param {Hash} hash @param {Random} random */
export function oddSignature(key, message, hash, random) {
  return key.kind === "ec" ? oddEcdsa(key, message, hash, random) : oddRsa(key, message, hash, random);
}

/** Base64 that is wrapped, damaged, or of another kind. @param {string} text @param {Random} random */
export function oddBase64(text, random) {
  const at = random(text.length + 1);
  const put = (/** @type {string} */ scrap) => `${text.slice(0, at)}${scrap}${text.slice(at)}`;
  return pick(random, [
    () => text.replaceAll(/.{64}/g, "$&\n"),
    () => text.replaceAll(/.{76}/g, "$&\r\n"),
    () => `${text}\n`,
    () => `\r\n\r${text}`,
    () => put(pick(random, [" ", "\t", "=", "-", "_", "\u0000", "\f", "!", "\u00e9", "\ud83d\ude00", "A"])),
    () => text.replace(/=+$/, ""),
    () => `${text}=`,
    () => text.replaceAll("+", "-").replaceAll("/", "_"),
    () => "",
    () => "\n",
    () => text.padEnd(4096, "\n"),
    () => text.padEnd(4097, "\n"),
    () => otherBits(text),
    () => text.toLowerCase(),
    () => Buffer.from(text).toString("base64"),
    () => Buffer.from(text, "base64").toString("hex"),
  ])();
}

/** Ends in bits that no byte has, where there are any. @param {string} text */
function otherBits(text) {
  const [, last = "", padding = ""] = /(.)(=+)$/.exec(text) ?? [];
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const next = alphabet[alphabet.indexOf(last) + 1] ?? "A";
  return padding ? text.replace(/.=+$/, `${next}${padding}`) : text;
}
