// Ways to write JSON that readers understand differently, or that means the same in other letters.

/** @typedef {(limit: number) => number} Random */

/** @template T @param {Random} random @param {readonly T[]} list @returns {T} */
export const pick = (random, list) => /** @type {T} */ (list[random(list.length)]);

/**
 * Values as they stand in a text, that `JSON.stringify` would not write so: in place of the string that names them.
 *
 * @param {string} text of JSON
 */
export const raw = (text) => `raw ${Buffer.from(text).toString("hex")}`;

/** JSON with the values of {@link raw} in it. @param {unknown} value */
export const written = (value) =>
  JSON.stringify(value).replaceAll(/"raw ([0-9a-f]*)"/g, (_, hex) => Buffer.from(hex, "hex").toString());

/** @typedef {{ text: string, isName: boolean }} Token a mark, a string, or another value */

/** @param {string} text @returns {Token[]} */
function tokensOf(text) {
  const found = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs) ?? [];
  return found.map((token, at) => ({ text: token, isName: token.startsWith('"') && found[at + 1] === ":" }));
}

/** @param {readonly Token[]} tokens */
const joined = (tokens) => tokens.map(({ text }) => text).join("");

/** Where the value ends that begins there. @param {readonly Token[]} tokens @param {number} at */
function endOfValue(tokens, at) {
  for (let depth = 0, end = at; end < tokens.length; end++) {
    const { text } = tokens[end];
    if (text === "{" || text === "[") depth++;
    else if (text === "}" || text === "]") depth--;
    if (depth <= 0) return end + 1;
  }
  return tokens.length;
}

/** Each value that stands there in place of another one. */
export const values = [
  "null",
  "true",
  "0",
  "-0",
  "2",
  "2.0",
  "20e-1",
  "1e400",
  "01",
  "-1",
  "9007199254740993",
  '""',
  '"sha256"',
  "[]",
  "[null]",
  "{}",
  '{"a":1}',
  "NaN",
  '"\\ud83d\\ude00"',
  '"\\ud83d"',
  '"\\ude00\\ud83d"',
  '"\t"',
  '"\u007f"',
  '"\\u0000"',
  "'a'",
];

const spaces = [" ", "\n", "\t", "\r", "\v", "\f", "\u00a0", "\ufeff", "\u2028", "\u0000", "/**/", ","];

/** Letters that some readers take for others. */
const alike = [
  [/s/i, "\u017f"],
  [/k/i, "\u212a"],
  [/i/i, "\u0131"],
  [/fi/i, "\ufb01"],
  [/ss/i, "\u00df"],
];

/**
 * Each changes tokens, and may leave them as they are.
 *
 * @type {((tokens: Token[], random: Random) => Token[])[]}
 */
const changes = [
  // The same string in other letters.
  (tokens, random) => inString(tokens, random, (text) => escaped(text, random)),
  (tokens, random) => inString(tokens, random, (text) => escaped(text, random)),
  // Another one, for all but those that fold case.
  (tokens, random) => inString(tokens, random, (text) => recased(text, random), true),
  (tokens, random) => inString(tokens, random, (text) => likeAnother(text, random), true),
  // A name twice, first or last, with the same value or another one, written the same or otherwise.
  (tokens, random) => doubled(tokens, random),
  (tokens, random) => doubled(tokens, random),
  // A field less, and one more.
  (tokens, random) => withoutField(tokens, random),
  (tokens, random) => withField(tokens, random),
  // Another value.
  (tokens, random) => withValue(tokens, random, pick(random, values)),
  (tokens, random) => withValue(tokens, random, nested(random)),
  // The value in a list, or out of one.
  (tokens, random) => inList(tokens, random),
  // Space, and what some take for it.
  (tokens, random) => {
    const at = random(tokens.length + 1);
    return [...tokens.slice(0, at), { text: pick(random, spaces), isName: false }, ...tokens.slice(at)];
  },
  // Something around it.
  (tokens, random) => {
    const around = pick(random, ["\ufeff", " ", "{}", "null", "\n", "[", "]", "#", "\u0000", "//"]);
    const token = { text: around, isName: false };
    return random(2) ? [token, ...tokens] : [...tokens, token];
  },
];

/** How deep lists and objects go, near the limit. @param {Random} random */
function nested(random) {
  const depth = 28 + random(7);
  const [open, close] = pick(random, [
    ["[", "]"],
    ['{"a":', "}"],
  ]);
  return `${open.repeat(depth)}1${close.repeat(depth)}`;
}

/** @param {Token[]} tokens @param {Random} random @param {(text: string) => string} change @param {boolean} [mostlyNames] */
function inString(tokens, random, change, mostlyNames = false) {
  const wanted = mostlyNames && random(4) > 0;
  const places = tokens.flatMap(({ text, isName }, at) =>
    text.startsWith('"') && (!wanted || isName) ? [at] : [],
  );
  if (places.length === 0) return tokens;
  const at = pick(random, places);
  return tokens.map((token, place) => (place === at ? { ...token, text: change(token.text) } : token));
}

/** @param {string} text @param {Random} random */
function escaped(text, random) {
  const inner = text.slice(1, -1);
  const places = [...inner].flatMap((letter, at) => (letter === "\\" || inner[at - 1] === "\\" ? [] : [at]));
  if (places.length === 0) return text;
  const at = pick(random, places);
  const letter = inner[at];
  const code = letter.charCodeAt(0).toString(16).padStart(4, "0");
  const other = pick(random, [
    `\\u${code}`,
    `\\u${code.toUpperCase()}`,
    letter === "/" ? "\\/" : `\\u${code}`,
    `\\${letter}`,
    `\\U${code}`,
    `\\u${code.slice(1)}`,
  ]);
  return `"${inner.slice(0, at)}${other}${inner.slice(at + 1)}"`;
}

/** @param {string} text @param {Random} random */
function recased(text, random) {
  const at = random(text.length);
  const letter = text[at];
  const other = letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
  return pick(random, [
    `${text.slice(0, at)}${other}${text.slice(at + 1)}`,
    text.toUpperCase(),
    text.toLowerCase(),
  ]);
}

/** @param {string} text @param {Random} random */
function likeAnother(text, random) {
  const [letters, other] = pick(random, alike);
  return text.replace(letters, String(other));
}

/** Where the members of objects begin. @param {readonly Token[]} tokens */
const membersIn = (tokens) => tokens.flatMap(({ isName }, at) => (isName ? [at] : []));

/** @param {Token[]} tokens @param {Random} random */
function doubled(tokens, random) {
  const members = membersIn(tokens);
  if (members.length === 0) return tokens;
  const at = pick(random, members);
  const end = endOfValue(tokens, at + 2);
  const name = random(3) ? tokens[at].text : escaped(tokens[at].text, random);
  const value = random(2) ? joined(tokens.slice(at + 2, end)) : pick(random, values);
  const copy = { text: `${name}:${value}`, isName: false };
  const between = { text: ",", isName: false };
  return random(2)
    ? [...tokens.slice(0, at), copy, between, ...tokens.slice(at)]
    : [...tokens.slice(0, end), between, copy, ...tokens.slice(end)];
}

/** @param {Token[]} tokens @param {Random} random */
function withoutField(tokens, random) {
  const members = membersIn(tokens);
  if (members.length === 0) return tokens;
  const at = pick(random, members);
  const end = endOfValue(tokens, at + 2);
  if (tokens[end]?.text === ",") return [...tokens.slice(0, at), ...tokens.slice(end + 1)];
  const before = tokens[at - 1]?.text === "," ? at - 1 : at;
  return [...tokens.slice(0, before), ...tokens.slice(end)];
}

const names = [
  "a",
  "__proto__",
  "constructor",
  "",
  "toString",
  "optional",
  "Critical",
  "mediaType",
  "digest",
];

/** @param {Token[]} tokens @param {Random} random */
function withField(tokens, random) {
  const members = membersIn(tokens);
  if (members.length === 0) return tokens;
  const at = pick(random, members);
  const text = `${JSON.stringify(pick(random, names))}:${pick(random, values)},`;
  return [...tokens.slice(0, at), { text, isName: false }, ...tokens.slice(at)];
}

/** @param {Token[]} tokens @param {Random} random @param {string} value */
function withValue(tokens, random, value) {
  const members = membersIn(tokens);
  if (members.length === 0) return [{ text: value, isName: false }];
  const at = pick(random, members) + 2;
  return [...tokens.slice(0, at), { text: value, isName: false }, ...tokens.slice(endOfValue(tokens, at))];
}

/** @param {Token[]} tokens @param {Random} random */
function inList(tokens, random) {
  const members = membersIn(tokens);
  if (members.length === 0) return tokens;
  const at = pick(random, members) + 2;
  const end = endOfValue(tokens, at);
  const value = joined(tokens.slice(at, end));
  const isList = value.startsWith("[");
  const text =
    isList && random(2) ? value.slice(1, -1) || "null" : pick(random, [`[${value}]`, `[${value},${value}]`]);
  return [...tokens.slice(0, at), { text, isName: false }, ...tokens.slice(end)];
}

/** The text with one change, or two. @param {string} text of JSON @param {Random} random */
export function respelled(text, random) {
  let tokens = tokensOf(text);
  for (let left = random(4) ? 1 : 2; left > 0; left--) tokens = pick(random, changes)(tokens, random);
  return joined(tokens);
}

/** Bytes that are no UTF-8: alone, cut, too long, half of a pair, beyond Unicode, Latin-1 (RFC 3629 §4). */
const notUtf8 = ["80", "c3", "c080", "e282", "e08080", "eda080", "f4908080", "f8", "ff", "fffe", "e9"];

/** The text with such bytes in one of its strings. @param {string} text of JSON @param {Random} random */
export function withoutUtf8(text, random) {
  const at = pick(random, [...text.matchAll(/"/g)]).index;
  const wrong = Buffer.from(pick(random, notUtf8), "hex");
  return Buffer.concat([Buffer.from(text.slice(0, at)), wrong, Buffer.from(text.slice(at))]);
}
