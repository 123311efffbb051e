// Makes a new input of those that are there: by bytes, by words of the sources, and by the parts of JSON.

/** @typedef {(limit: number) => number} Random whole numbers from 0 up to, not including, a limit */

/** Numbers at which readers count, cut or overflow. */
const edges = [0, 1, 0x7f, 0x80, 0x81, 0xff, 0x22, 0x5c, 0x0a, 0x0d, 0x20, 0x2c, 0x30];
const texts = [
  ...[
    "\u0000",
    "\ufeff",
    "\ud7ff\u{10ffff}",
    "\u212a",
    "\u017f",
    "\\ud800",
    "\\u0061",
    "é",
    "\u202e",
    "\r\n",
  ],
  ...[
    '"__proto__":{},',
    '"constructor":1,',
    "null",
    "true",
    "1e309",
    "-0",
    "[]",
    "{}",
    '""',
    "//",
    "/*",
    ",",
  ],
  ...["9007199254740993", "0.1", "sha256:", "====", "-----BEGIN ", "-----END ", "@", "://", "%00", "  "],
];
/** The last but one becomes no text: `String` of it throws. @type {unknown[]} */
const values = [
  ...[null, true, false, 0, -0, 1, -1, 2 ** 53, 0.5, "", "a", [], {}, [[]], "\u0000"],
  ...[{ toString: 1, valueOf: 1 }, "\ud800"],
];

export class Mutator {
  #random;
  /** @type {string[]} */
  #words;
  #longest;

  /** @param {Random} random @param {Iterable<string>} words @param {number} longest in bytes */
  constructor(random, words, longest) {
    this.#random = random;
    this.#words = [...words, ...texts];
    this.#longest = longest;
  }

  /** @param {Buffer} input @param {Buffer} other an input to take parts of @returns {Buffer} */
  mutated(input, other) {
    let made = input;
    const json = this.#random(3) === 0 ? parsed(input) : undefined;
    if (json !== undefined) made = Buffer.from(this.#changedJson(json, parsed(other)));
    const changes = json === undefined || this.#random(4) === 0 ? 1 + this.#random(1 + this.#random(6)) : 0;
    for (let change = 0; change < changes; change++) made = this.#changedBytes(made, other);
    return made.subarray(0, this.#longest);
  }

  /** @template T @param {readonly T[]} list */
  #of(list) {
    return /** @type {T} */ (list[this.#random(list.length)]);
  }

  /** @param {Buffer} bytes @param {Buffer} other @returns {Buffer} */
  #changedBytes(bytes, other) {
    const from = this.#random(bytes.length + 1);
    const length = this.#random(1 + this.#random(this.#random(2) ? 4 : bytes.length + 1));
    const to = Math.min(bytes.length, from + length);
    const [before, cut, after] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
    const start = this.#random(other.length + 1);
    const piece = other.subarray(start, start + 1 + this.#random(64));
    switch (this.#random(10)) {
      case 0:
      case 1:
        return this.#flipped(bytes, from);
      case 2:
        return Buffer.concat([before, after]);
      case 3:
        return Buffer.concat([before, cut, cut, after]);
      case 4:
        return Buffer.concat([before, Buffer.from(this.#of(this.#words)), cut, after]);
      case 5:
        return Buffer.concat([before, Buffer.from(this.#of(this.#words)), after]);
      case 6:
        return Buffer.concat([before, piece, after]);
      case 7:
        return Buffer.concat([before, other.subarray(start)]);
      case 8:
        return Buffer.concat([
          before,
          Buffer.of(this.#random(2) ? this.#of(edges) : this.#random(256)),
          cut,
          after,
        ]);
      default:
        return Buffer.concat([before, ...Array.from({ length: 1 + this.#random(40) }, () => cut), after]);
    }
  }

  /** @param {Buffer} bytes @param {number} at */
  #flipped(bytes, at) {
    const made = Buffer.from(bytes);
    const byte = made[at];
    if (byte !== undefined) made[at] = this.#random(3) ? byte ^ (1 << this.#random(8)) : this.#of(edges);
    return made;
  }

  /** @param {unknown} json @param {unknown} other @returns {string} */
  #changedJson(json, other) {
    const places = placesIn({ "": json });
    const [holder, name] = this.#of(places);
    const elsewhere = placesIn({ "": other ?? this.#of(values) });
    const [otherHolder, otherName] = this.#of(elsewhere);
    const value = holder[name];
    switch (this.#random(8)) {
      case 0:
        holder[name] = this.#of(values);
        break;
      case 1:
        holder[name] = structuredClone(otherHolder[otherName]);
        break;
      case 2:
        holder[name] = this.#of(this.#words);
        break;
      case 3:
        if (Array.isArray(holder)) holder.splice(Number(name), 1);
        else if (name !== "") delete holder[name];
        break;
      case 4:
        if (Array.isArray(value)) value.push(structuredClone(value[0] ?? otherHolder[otherName]));
        else if (isObject(value)) value[this.#of(this.#words)] = structuredClone(otherHolder[otherName]);
        break;
      case 5:
        holder[name] = this.#random(2) ? [value] : { [this.#of(this.#words)]: value };
        break;
      case 6:
        if (typeof value === "string")
          holder[name] = this.#changedBytes(Buffer.from(value), Buffer.from(value)).toString();
        else if (typeof value === "number") holder[name] = value + this.#of([1, -1, 0.5, 2 ** 31, 2 ** 53]);
        break;
      default:
        return this.#doubled(JSON.stringify(json));
    }
    return JSON.stringify(places[0]?.[0][""] ?? null) ?? "";
  }

  /** A field of JSON once more, in another place or another spelling. @param {string} text */
  #doubled(text) {
    const fields = [...text.matchAll(/"(?:[^"\\]|\\.)*":(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)/g)].map(
      ([field]) => field,
    );
    const opened = [...text.matchAll(/\{(?!\})/g)].map(({ index }) => index + 1);
    if (fields.length === 0 || opened.length === 0) return text;
    const [field, at] = [this.#of(fields), this.#of(opened)];
    const spelled = [
      field,
      field.toUpperCase(),
      field.replace(/^"(\w)/, (_, it) => `"\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`),
    ];
    return `${text.slice(0, at)}${this.#of(spelled)},${text.slice(at)}`;
  }
}

/** @param {Buffer} bytes @returns {unknown} undefined for what is no JSON */
function parsed(bytes) {
  const first = bytes[0];
  if (first !== 0x7b && first !== 0x5b) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Each place below a value: what holds it, and its name there. @param {Record<string, any>} root @returns {[Record<string, any>, string][]} */
function placesIn(root) {
  /** @type {[Record<string, any>, string][]} */
  const places = [];
  const walk = (/** @type {Record<string, any>} */ holder) => {
    for (const name of Object.keys(holder)) {
      // A hundred are enough to choose from.
      if (places.length > 300) return;
      places.push([holder, name]);
      if (typeof holder[name] === "object" && holder[name] !== null) walk(holder[name]);
    }
  };
  walk(root);
  return places;
}
