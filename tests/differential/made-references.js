// References by the grammar, each part varied to its limits and beyond, and changed as bytes, characters and splices.

const [lower, digits, hex] = ["abcdefghijklmnopqrstuvwxyz", "0123456789", "0123456789abcdef"];
const alnum = lower + digits;
const letters = alnum + lower.toUpperCase();

/** Characters that mean something there, nearly the same, or nothing at all. */
const strange = [
  ..."@:/.[]%-_~+?#=\\'\"<>|^`{}()*!$&, \t\r\n\0\x01\x1b\x7f",
  ..."\u0080\u0085\u00a0\u00ad\u00df\u0130\u0131\u017f\u0430\u03bf\u06f5\u1680\u180e\u200b\u200d\u202e\u2024\u2028\u2060\u212a\u3002",
  ..."\uff0e\uff0f\uff1a\uff20\ufe55\ufeff\ufffd\uffff\u{1d7d8}\u{1f600}\u{e0041}\u{10ffff}",
  ...["\ud800", "\udc00", "\udfff\ud800", "e\u0301"],
  ...["//", "://", "..", "__", "___", "--", "::", "@@", ":@", "@:", "%2f", "%00", "0x", "A", "Z", "F"],
  ...["sha256:", "SHA256:", "sha512:", "localhost", "docker.io/", "library/", "latest", "http://"],
];

/** The lengths around which rules begin or end. */
const edges = [
  0, 1, 2, 31, 32, 33, 62, 63, 64, 65, 126, 127, 128, 129, 246, 247, 248, 252, 253, 254, 255, 256, 257,
];

/** @typedef {(limit: number) => number} Random whole numbers below a limit */

/** @param {Random} random */
export function madeReference(random) {
  switch (random(8)) {
    case 0:
    case 1:
    case 2:
      return whole(random);
    case 3:
      return spliced(whole(random), whole(random), random);
    case 4:
      return random(4) ? changedMuch(whole(random), random) : noise(random);
    default:
      return changed(whole(random), random);
  }
}

/** By the grammar of distribution/reference, or nearly. @param {Random} random */
function whole(random) {
  const name = random(12) ? `${domain(random)}/${path(random)}` : path(random);
  return name + tag(random) + digest(random);
}

/** @param {Random} random */
function domain(random) {
  return host(random) + port(random);
}

/** @param {Random} random */
function host(random) {
  switch (random(12)) {
    case 0:
      return cased(
        one(["localhost", "docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com"], random),
        random,
      );
    case 1:
      return one(["docker.io", "index.docker.io", "registry-1.docker.io"], random);
    case 2:
      return ipv4(random);
    case 3:
      return ipv6(random);
    case 4:
      return random(3) ? `${label(random)}.example` : label(random);
    case 5:
      // An account of Amazon ECR has twelve digits.
      return `${some(digits, random(15) ? 12 : random(14), random)}.dkr.ecr.${one(["eu-west-1", "us-gov-east-1", "x"], random)}.amazonaws.com`;
    case 6:
      return `${some(letters, one(edges, random), random)}.${label(random)}`;
    case 7:
      return longName(random);
    default:
      return Array.from({ length: 1 + random(4) }, () => label(random)).join(".");
  }
}

/** @param {Random} random */
function label(random) {
  if (random(60) === 0)
    return one(["", "-", "a-", "-a", "a_b", "a--b", "xn--n3h", "0x", "0x7f", "0X1F", "017"], random);
  const text = some(random(6) ? alnum : letters, 1 + random(8), random);
  return random(5) ? text : `${text}-${some(alnum, 1 + random(3), random)}`;
}

/** A name of a length about its limit. @param {Random} random */
function longName(random) {
  const length = 250 + random(7);
  let name = "";
  while (name.length < length) name += `${some(alnum, 1 + random(63), random)}.`;
  return `${name.slice(0, length - 1).replace(/\.$/, "x")}a`;
}

/** @param {Random} random */
function ipv4(random) {
  const count = random(4) ? 4 : 1 + random(5);
  return Array.from({ length: count }, () =>
    random(8)
      ? String(random(256))
      : one(["256", "999", "00", "010", "0x7f", "0x", "1e1", "4294967295", ""], random),
  ).join(".");
}

/** @param {Random} random */
function ipv6(random) {
  const groups = Array.from({ length: random(5) ? 8 : random(10) }, () =>
    some(random(6) ? hex : hex.toUpperCase(), 1 + random(random(30) ? 4 : 6), random),
  );
  if (random(2)) groups.splice(random(groups.length + 1), random(5), random(3) ? "" : "::");
  const address = groups.join(":");
  return random(12) ? `[${random(4) ? address : `::${address}`}]` : `[${address}`;
}

/** @param {Random} random */
function port(random) {
  if (random(3)) return "";
  return `:${random(6) ? 1 + random(65_600) : one(["", "0", "00", "080", "65535", "65536", "99999999999999999999", "a", "-1", "+1", "5000 "], random)}`;
}

/** @param {Random} random */
function path(random) {
  if (random(12) === 0) {
    // Of a length about its limit, in one component or in many.
    const length = one(edges, random) + random(2);
    const text = some(alnum, length, random);
    return random(2) ? text : text.replace(/(.{1,40})./g, "$1/").replace(/\/$/, "a");
  }
  if (random(10) === 0) return `library/${component(random)}`;
  return Array.from({ length: 1 + random(3) }, () => component(random)).join("/");
}

/** @param {Random} random */
function component(random) {
  let text = some(alnum, 1 + random(6), random);
  while (random(3) === 0) {
    const separator = random(12)
      ? one([".", "_", "__", "-", "--", "---"], random)
      : one(["..", "___", "._", "-.", "_-", ""], random);
    text += separator + some(alnum, 1 + random(4), random);
  }
  return random(40) ? text : one(["", "A", `${text}-`, `_${text}`, `${text}.`, hex.repeat(4)], random);
}

/** @param {Random} random */
function tag(random) {
  if (random(2)) return "";
  const first = some(`${letters}_`, 1, random);
  const rest = some(`${letters}_.-`, random(8) ? random(12) : one(edges, random), random);
  return `:${random(15) ? first : one(["", ".", "-", "_"], random)}${rest}`;
}

/** @param {Random} random */
function digest(random) {
  if (random(10) === 0) return "";
  const [algorithm, length] = one(
    /** @type {const} */ ([
      ["sha256", 64],
      ["sha256", 64],
      ["sha256", 64],
      ["sha384", 96],
      ["sha512", 128],
    ]),
    random,
  );
  const named = random(20)
    ? algorithm
    : one(["sha1", "md5", "sha256+b64", "sha3-256", "SHA256", "sha-256", "blake2b", ""], random);
  const right = random(12) ? length : length + random(3) - 1;
  const digitCount = random(25) ? right : one(edges, random);
  const written = random(25) ? hexDigits(digitCount, random) : some(`${hex}ABCDEFg`, digitCount, random);
  return `@${named}:${written}`;
}

/** One to three changes. @param {string} text @param {Random} random */
function changed(text, random) {
  for (let changes = 1 + random(3); changes > 0; changes -= 1) text = change(text, random);
  return text;
}

/** @param {string} text @param {Random} random */
function change(text, random) {
  const place = random(text.length + 1);
  const [before, after] = [text.slice(0, place), text.slice(place)];
  switch (random(8)) {
    case 0:
      return before + after.slice(1 + random(random(4) ? 3 : 40));
    case 1:
      // One bit of one character.
      return before + flipped(after.slice(0, 1), random) + after.slice(1);
    case 2:
      return before + after.slice(0, 1).repeat(one(edges, random)) + after.slice(1);
    case 3:
      return before + cased(after.slice(0, 1 + random(6)), random) + after.slice(7);
    case 4:
      return before + one(strange, random) + after;
    case 5:
      return before + after.slice(0, random(80)) + after;
    case 6:
      return before + String.fromCodePoint(random(random(2) ? 0x100 : 0x11_0000)) + after.slice(1);
    default:
      return before + one(strange, random) + after.slice(1);
  }
}

/** @param {string} text @param {Random} random */
function changedMuch(text, random) {
  return Array.from(text, (it) =>
    random(9) ? it : random(2) ? one(strange, random) : some(letters, 1, random),
  ).join("");
}

/** @param {Random} random */
function noise(random) {
  return Array.from({ length: random(24) }, () =>
    random(2) ? one(strange, random) : some(letters, 1, random),
  ).join("");
}

/** @param {string} one @param {string} other @param {Random} random */
function spliced(one, other, random) {
  return one.slice(0, random(one.length + 1)) + other.slice(random(other.length + 1));
}

/** @param {string} character @param {Random} random */
function flipped(character, random) {
  return character && String.fromCharCode(character.charCodeAt(0) ^ (1 << random(8)));
}

/** @param {string} text @param {Random} random */
function cased(text, random) {
  return Array.from(text, (it) => (random(3) ? it : it.toUpperCase())).join("");
}

/** @param {string} from @param {number} length @param {Random} random */
function some(from, length, random) {
  let text = "";
  for (let at = 0; at < length; at += 1) text += from[random(from.length)];
  return text;
}

const fourDigits = Array.from({ length: 0x1_0000 }, (_, value) => value.toString(16).padStart(4, "0"));

/** Most of a reference, and so four at a time. @param {number} length @param {Random} random */
function hexDigits(length, random) {
  let text = "";
  while (text.length < length) text += fourDigits[random(fourDigits.length)];
  return text.slice(0, length);
}

/** @template T @param {readonly T[]} all @param {Random} random @returns {T} */
function one(all, random) {
  // There is one at each place below the length.
  return /** @type {T} */ (all[random(all.length)]);
}
