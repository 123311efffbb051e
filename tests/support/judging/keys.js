// Keys that are made from a seed, and sign without chance, so that a case can be made once more to the last byte. They
// are weak, and a verifier cannot tell: a pool of nonces is used again and again, and RSA's moduli have many small primes.
import { checkPrimeSync, createECDH, createHash } from "node:crypto";
import { objectIdentifier, sequence, spki, unsigned } from "./der.js";

/** @typedef {(limit: number) => number} Random */
/** @typedef {"sha1" | "sha224" | "sha256" | "sha384" | "sha512"} Hash */

/** @param {Hash} hash @param {Uint8Array} bytes */
export const hashed = (hash, bytes) => createHash(hash).update(bytes).digest();

const curves = {
  "P-256": {
    named: "prime256v1",
    size: 32,
    oid: "1.2.840.10045.3.1.7",
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  "P-384": {
    named: "secp384r1",
    size: 48,
    oid: "1.3.132.0.34",
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  "P-521": {
    named: "secp521r1",
    size: 66,
    oid: "1.3.132.0.35",
    order:
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
};

/** So many nonces of each curve are used again and again. */
const nonces = 24;

/** @param {Random} random @param {number} bytes */
function randomBytes(random, bytes) {
  return Buffer.from(Array.from({ length: bytes }, () => random(256)));
}

/** @param {Uint8Array} bytes */
export const numberOf = (bytes) => BigInt(`0x0${Buffer.from(bytes).toString("hex")}`);

/** @param {bigint} number @param {number} size in bytes */
export const bytesOf = (number, size) => Buffer.from(number.toString(16).padStart(2 * size, "0"), "hex");

/** @param {bigint} number @param {bigint} modulus */
const mod = (number, modulus) => ((number % modulus) + modulus) % modulus;

/** By the extended algorithm of Euclid. @param {bigint} number @param {bigint} modulus */
function inverse(number, modulus) {
  let [a, b, x, y] = [mod(number, modulus), modulus, 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return mod(x, modulus);
}

/** @param {bigint} base @param {bigint} exponent @param {bigint} modulus */
function power(base, exponent, modulus) {
  let [result, factor] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}

/**
 * An EC key.
 *
 * @typedef {ReturnType<typeof ecKey>} EcKey
 *
 * @param {Random} random @param {keyof typeof curves} curve
 */
export function ecKey(random, curve) {
  const { named, size, oid, order } = curves[curve];
  const scalar = () => mod(numberOf(randomBytes(random, size + 8)), order - 1n) + 1n;
  const timesBase = (/** @type {bigint} */ number) => {
    const ecdh = createECDH(named);
    ecdh.setPrivateKey(bytesOf(number, size));
    return ecdh.getPublicKey();
  };
  const secret = scalar();
  const point = timesBase(secret);
  const pool = Array.from({ length: nonces }, () => {
    const nonce = scalar();
    return {
      r: mod(numberOf(timesBase(nonce).subarray(1, 1 + size)), order),
      inverse: inverse(nonce, order),
    };
  });
  const bits = order.toString(2).length;
  return {
    kind: /** @type {const} */ ("ec"),
    name: curve,
    size,
    order,
    point,
    der: spki(sequence(objectIdentifier("1.2.840.10045.2.1"), objectIdentifier(oid)), point),
    /** The two numbers of a signature (FIPS 186-5 §6.4.1). @param {Uint8Array} message @param {Hash} hash @param {Random} random */
    numbers(message, hash, random) {
      const digest = hashed(hash, message);
      const tooMany = BigInt(Math.max(0, 8 * digest.length - bits));
      const { r, inverse: one } = pool[random(nonces)];
      return { r, s: mod(one * ((numberOf(digest) >> tooMany) + r * secret), order) };
    },
    /** In DER, as tools write it. @param {Uint8Array} message @param {Hash} hash @param {Random} random */
    sign(message, hash, random) {
      const { r, s } = this.numbers(message, hash, random);
      return sequence(unsigned(r), unsigned(s));
    },
  };
}

/** So many signatures of each key are kept. */
const mostRoots = 5000;

/** The length of each prime in bytes. */
const primeSize = 16;

/** @param {Random} random @param {bigint} exponent */
function prime(random, exponent) {
  const bytes = randomBytes(random, primeSize);
  // So many of them together have a full top bit.
  bytes[0] |= 0xfc;
  bytes[primeSize - 1] |= 1;
  let candidate = numberOf(bytes);
  while (candidate % exponent === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

/** What stands before the hash in RSASSA-PKCS1-v1_5 (RFC 8017 §9.2, note 1). */
export const digestInfo = {
  sha1: "3021300906052b0e03021a05000414",
  sha224: "302d300d06096086480165030402040500041c",
  sha256: "3031300d060960864801650304020105000420",
  sha384: "3041300d060960864801650304020205000430",
  sha512: "3051300d060960864801650304020305000440",
};

/**
 * An RSA key.
 *
 * @typedef {ReturnType<typeof rsaKey>} RsaKey
 *
 * @param {Random} random @param {number} bits @param {number} [exponent] a prime
 */
export function rsaKey(random, bits, exponent = 65_537) {
  const [size, e] = [bits / 8, BigInt(exponent)];
  /** @type {Set<bigint>} */
  const primes = new Set();
  while (primes.size < size / primeSize) primes.add(prime(random, e));
  const modulus = [...primes].reduce((product, next) => product * next);
  const parts = [...primes].map((p) => {
    const others = modulus / p;
    return { p, d: inverse(e, p - 1n), factor: others * inverse(others, p) };
  });
  const key = sequence(unsigned(modulus), unsigned(e));
  /** Most cases sign what others sign, too, and this is what takes longest. @type {Map<string, Buffer>} */
  const roots = new Map();
  return {
    kind: /** @type {const} */ ("rsa"),
    name: `RSA ${bits}${exponent === 65_537 ? "" : `, exponent ${exponent}`}`,
    size,
    modulus,
    key,
    der: spki(sequence(objectIdentifier("1.2.840.113549.1.1.1"), Buffer.from([5, 0])), key),
    /** The number whose power is this one. @param {Uint8Array} encoded as long as the modulus */
    root(encoded) {
      const number = numberOf(encoded) % modulus;
      const name = hashed("sha256", encoded).toString("base64");
      const known = roots.get(name);
      if (known) return known;
      const sum = parts.reduce((sum, { p, d, factor }) => sum + power(number, d, p) * factor, 0n);
      const root = bytesOf(sum % modulus, size);
      if (roots.size < mostRoots) roots.set(name, root);
      return root;
    },
    /** RSASSA-PKCS1-v1_5. @param {Uint8Array} message @param {Hash} hash */
    sign(message, hash) {
      return this.root(encoded(size, Buffer.from(digestInfo[hash], "hex"), hashed(hash, message)));
    },
  };
}

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2). @param {number} size @param {...Uint8Array} info */
export function encoded(size, ...info) {
  const content = Buffer.concat(info);
  const padding = Buffer.alloc(Math.max(0, size - content.length - 3), 0xff);
  return Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), content]).subarray(0, size);
}

/** EMSA-PSS (RFC 8017 §9.1.1), with a salt of zeros. @param {RsaKey} key @param {Uint8Array} message @param {Hash} hash */
export function encodedForPss({ size }, message, hash) {
  const digest = hashed(hash, message);
  const salt = Buffer.alloc(digest.length);
  const check = hashed(hash, Buffer.concat([Buffer.alloc(8), digest, salt]));
  const block = Buffer.alloc(size - digest.length - 1);
  block[block.length - salt.length - 1] = 1;
  const masked = block.map((byte, at) => byte ^ maskAt(check, hash, at));
  masked[0] &= 0x7f;
  return Buffer.concat([masked, check, Buffer.from([0xbc])]);
}

/** MGF1 (RFC 8017 §B.2.1). @param {Uint8Array} from @param {Hash} hash @param {number} at */
function maskAt(from, hash, at) {
  const counter = Buffer.alloc(4);
  const length = digestLength(hash);
  counter.writeUInt32BE(Math.floor(at / length));
  return hashed(hash, Buffer.concat([from, counter]))[at % length];
}

/** @param {Hash} hash */
const digestLength = (hash) => hashed(hash, Buffer.alloc(0)).length;

/**
 * All keys that sign in a run.
 *
 * @typedef {EcKey | RsaKey} Key
 *
 * @param {Random} random @returns {Key[]}
 */
export function keyring(random) {
  return [
    ecKey(random, "P-256"),
    ecKey(random, "P-256"),
    ecKey(random, "P-256"),
    ecKey(random, "P-384"),
    ecKey(random, "P-384"),
    ecKey(random, "P-521"),
    ecKey(random, "P-521"),
    rsaKey(random, 2048),
    rsaKey(random, 2048),
    rsaKey(random, 2048, 3),
    rsaKey(random, 2048, 2 ** 31 - 1),
    rsaKey(random, 3072),
    rsaKey(random, 4096),
  ];
}
