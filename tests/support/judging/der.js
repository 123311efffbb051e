// DER, right and wrong: what keys and signatures of ECDSA are written in.

/** @param {number} tag @param {...Uint8Array} content */
export function element(tag, ...content) {
  const bytes = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(bytes.length)]), bytes]);
}

/** @param {number} length */
function lengthOf(length) {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

/** @param {...Uint8Array} content */
export const sequence = (...content) => element(0x30, ...content);

/** A number that is not negative, as short as it can be. @param {bigint} number */
export function unsigned(number) {
  const digits = number.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
  return element(2, ...(bytes[0] >= 0x80 ? [Buffer.from([0]), bytes] : [bytes]));
}

/** The elements within one, each whole. @param {Uint8Array} whole @returns {Buffer[]} */
export function elementsIn(whole) {
  const parts = [];
  for (let at = headOf(whole); at < whole.length; ) {
    const rest = whole.subarray(at);
    const [, first = 0, ...more] = rest.subarray(0, 6);
    const digits = first < 0x80 ? [first] : more.slice(0, first - 0x80);
    const end = at + headOf(rest) + digits.reduce((sum, digit) => sum * 256 + digit, 0);
    parts.push(Buffer.from(whole.subarray(at, end)));
    at = end;
  }
  return parts;
}

/** @param {Uint8Array} der */
const headOf = ([, first = 0]) => (first < 0x80 ? 2 : 2 + (first - 0x80));

/** @param {string} text such as `1.2.840.113549.1.1.1` */
export function objectIdentifier(text) {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const arcs = [40 * first + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift(0x80 | (left & 0x7f));
    return digits;
  });
  return element(6, Buffer.from(arcs));
}

/** A SubjectPublicKeyInfo (RFC 5280 §4.1). @param {Uint8Array} algorithm @param {Uint8Array} key */
export const spki = (algorithm, key) => sequence(algorithm, element(3, Buffer.from([0]), key));

/** @param {Uint8Array} der @param {string} [label] */
export function pem(der, label = "PUBLIC KEY") {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
