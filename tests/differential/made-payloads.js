// Payloads of simple signing about one of a few images: spelled in many ways, nearly right, and changed as bytes.
import { createHash } from "node:crypto";
import { mutated } from "../support/random.js";

/** @typedef {import("./made-references.js").Random} Random */

/**
 * @typedef {object} Image
 * @property {string} name `registry/repository`, canonical
 * @property {Buffer} manifest
 * @property {string} digest
 */

/** @type {Image[]} */
export const images = [
  "registry.example/team/app",
  "docker.io/library/nginx",
  "docker.io/team/app",
  "localhost:5000/a",
  "[::1]:5000/a-b/c__d",
  "10.0.0.1/a",
].map((name, index) => {
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, name: `${index}` }));
  return { name, manifest, digest: digestOf(manifest, index === 5 ? "sha512" : "sha256") };
});

/** A field of an object: objects are lists of these, so that a name can stand twice. @typedef {[name: string, value: unknown]} Field */

/** Written as it is. */
class Raw {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** An object. */
class Fields {
  /** @param {...Field} fields */
  constructor(...fields) {
    this.fields = fields;
  }
}

const type = "cosign container image signature";
const oddText = [
  "",
  "\0",
  "\u0000",
  "é",
  "\u2028",
  "\ud800",
  "\udc00\ud800",
  "𝕏",
  "a".repeat(300),
  '"',
  "\\",
  "null",
];
const oddNumbers = [
  "0",
  "-0",
  "1",
  "1.0",
  "1.5",
  "1e3",
  "1E-3",
  "1700000000",
  "9007199254740993",
  "9223372036854775808",
];
const wrongNumbers = ["01", "+1", ".5", "1.", "0x1", "NaN", "1e", "1e999", "-", "--1"];

/** @param {Random} random */
export function madePayload(random) {
  // The last two are never accepted by the other.
  const image = random(12) ? one(images.slice(0, -2), random) : one(images, random);
  const bytes = Buffer.from(around(written(whole(image, random), random), random));
  return {
    image,
    payload: random(4) ? bytes : random(2) ? garbled(bytes, random) : Buffer.from(mutated(bytes, random)),
  };
}

/** With bytes that are no UTF-8 in one of its texts. @param {Buffer} bytes @param {Random} random */
function garbled(bytes, random) {
  const place = bytes.indexOf('"', random(bytes.length)) + 1;
  const odd = Buffer.from(
    one([[0x80], [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf5, 0x80, 0x80, 0x80]], random),
  );
  return Buffer.concat([bytes.subarray(0, place), odd, bytes.subarray(place)]);
}

/** @param {Image} image @param {Random} random */
function whole(image, random) {
  const critical = new Fields(
    ["identity", new Fields(["docker-reference", text(() => spelled(image, random), random)])],
    ["image", new Fields(["docker-manifest-digest", text(() => digest(image, random), random)])],
    [
      "type",
      text(
        () =>
          random(25) ? type : one(["", "atomic container signature", type.toUpperCase(), `${type} `], random),
        random,
      ),
    ],
  );
  const all = new Fields(["critical", critical], ["optional", optional(random)]);
  for (const it of [all, critical, critical.fields[0]?.[1], critical.fields[1]?.[1]])
    if (it instanceof Fields) disturb(it, random);
  return all;
}

/** Mostly a text. @param {() => string} right @param {Random} random @returns {unknown} */
function text(right, random) {
  if (random(30)) return right();
  return one([null, true, new Raw("1"), [right()], new Fields(["a", right()]), new Raw("")], random);
}

/** The name of a repository, as tools and people spell it. @param {Image} image @param {Random} random */
function spelled({ name, digest: right }, random) {
  const hub = name.replace(/^docker\.io\//, "");
  switch (random(16)) {
    case 0:
      return `${name}:${one(["1.0", "latest", "", "-x", "a".repeat(128), "a".repeat(129)], random)}`;
    case 1:
      return `${name}@${right}`;
    case 2:
      return `${name}:1@${one(images, random).digest}`;
    case 3:
      return cased(name, random);
    case 4: {
      const domain = one(["docker.io", "index.docker.io", "registry-1.docker.io"], random);
      return `${random(2) ? domain : cased(domain, random)}/${hub}`;
    }
    case 5:
      return hub.replace(/^library\//, "");
    case 6:
      return one(images, random).name;
    case 7:
      return one(
        [
          `https://${name}`,
          `${name}/`,
          `/${name}`,
          ` ${name}`,
          `${name}\n`,
          `${name}\0`,
          "",
          name.slice(1),
          `${name}x`,
          hub,
        ],
        random,
      );
    case 8:
      return `${name}@${one(["", "sha256:", right.toUpperCase(), right.slice(0, -1), `${right}0`, `md5:${"0".repeat(32)}`], random)}`;
    default:
      return name;
  }
}

/** @param {Image} image @param {Random} random */
function digest({ digest: right, manifest }, random) {
  if (right.startsWith("sha512:") && random(3) === 0) return digestOf(manifest, "sha256");
  switch (random(20)) {
    case 0:
      return one(images, random).digest;
    case 1:
      return digestOf(manifest, one(["sha256", "sha384", "sha512"], random));
    case 2:
      return one(
        [
          "",
          right.toUpperCase(),
          right.slice(7),
          right.slice(0, -1),
          `${right} `,
          `${right}\0`,
          `sha256:${right}`,
          `SHA256${right.slice(6)}`,
        ],
        random,
      );
    default:
      return right;
  }
}

/** @param {Random} random @returns {unknown} */
function optional(random) {
  if (random(3) === 0) return null;
  if (random(12) === 0) return one([[], "x", new Raw("1"), false, new Raw("nul"), new Fields()], random);
  const fields = Array.from({ length: random(4) }, () => {
    const name = random(2)
      ? one(["creator", "timestamp"], random)
      : one(
          ["Creator", "TIMESTAMP", "critical", "Critical", "optional", "a", "__proto__", "", "é", "\ud800"],
          random,
        );
    return /** @type {Field} */ ([name, anything(random)]);
  });
  return new Fields(...fields);
}

/** @param {Random} random @returns {unknown} */
function anything(random) {
  switch (random(9)) {
    case 0:
      return new Raw(one(oddNumbers, random));
    case 1:
      return new Raw(one(random(3) ? oddNumbers : wrongNumbers, random));
    case 2:
      return one(oddText, random);
    case 3:
      return one([null, true, false], random);
    case 4:
      return Array.from({ length: random(3) }, () => anything(random));
    case 5:
      return new Fields(
        ...Array.from(
          { length: random(3) },
          () => /** @type {Field} */ ([one(["a", "b", "docker-reference"], random), anything(random)]),
        ),
      );
    case 6: {
      const depth = one([1, 5, 28, 29, 30, 31, 32, 33, 100], random);
      return new Raw("[".repeat(depth) + "]".repeat(random(12) ? depth : depth - 1));
    }
    default:
      return new Raw(String(1_600_000_000 + random(200_000_000)));
  }
}

/** Now and then a field more, one less, or one twice. @param {Fields} object @param {Random} random */
function disturb({ fields }, random) {
  const place = random(fields.length + 1);
  const field = fields[place];
  switch (random(40)) {
    case 0:
      fields.splice(place, 1);
      break;
    case 1:
      if (field) fields.splice(random(fields.length + 1), 0, field);
      break;
    case 2:
      fields.splice(place, 0, [
        one(["extra", "__proto__", "", "Critical", "identity\0", "optional"], random),
        anything(random),
      ]);
      break;
    case 3:
      if (field)
        field[0] = one(
          [
            cased(field[0], random),
            `${field[0]} `,
            field[0].replace("i", "\u0131"),
            field[0].replace("k", "\u212a"),
          ],
          random,
        );
      break;
    default:
      if (random(2)) fields.reverse();
  }
}

/** As JSON, with white space and escapes. @param {unknown} value @param {Random} random @returns {string} */
function written(value, random) {
  const space = () => (random(6) ? "" : one([" ", "\n", "\t", "\r\n", "  "], random));
  const write = (/** @type {unknown} */ it) => `${space()}${written(it, random)}${space()}`;
  if (value instanceof Raw) return value.text;
  if (value instanceof Fields)
    return `{${value.fields.map(([name, it]) => `${write(name)}:${write(it)}`).join(",")}}`;
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  return typeof value === "string" ? string(value, random) : JSON.stringify(value);
}

/** @param {string} value @param {Random} random */
function string(value, random) {
  const plain = JSON.stringify(value);
  if (random(12) || value === "") return plain;
  const unit = value.charCodeAt(0).toString(16).padStart(4, "0");
  return `"\\u${random(2) ? unit : unit.toUpperCase()}${JSON.stringify(value.slice(1)).slice(1)}`;
}

/** @param {string} json @param {Random} random */
function around(json, random) {
  if (random(40)) return json;
  return one(
    [
      `\ufeff${json}`,
      `${json}\n`,
      ` ${json}`,
      `${json}{}`,
      `${json},`,
      `${json}\0`,
      `//\n${json}`,
      `[${json}]`,
      `${json}${json}`,
    ],
    random,
  );
}

/** @param {string} text @param {Random} random */
function cased(text, random) {
  return Array.from(text, (it) => (random(4) ? it : it.toUpperCase())).join("");
}

/** @param {Buffer} manifest @param {string} algorithm */
function digestOf(manifest, algorithm) {
  return `${algorithm}:${createHash(algorithm).update(manifest).digest("hex")}`;
}

/** @template T @param {readonly T[]} all @param {Random} random @returns {T} */
function one(all, random) {
  // There is one at each place below the length.
  return /** @type {T} */ (all[random(all.length)]);
}
