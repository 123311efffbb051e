// Takes secrets out of a text, however the text spells them. Servers, proxies and platforms repeat what they were sent as
// it is, or as a URL, JSON, markup, base64 or hexadecimal digits write it.
import { toUtf8 } from "./bytes.ts";
import { toBase64 } from "./strict/base64.ts";

/** A pattern has a limit in every engine: a longer secret is looked for in pieces. */
const longestPiece = 200;
/** Shorter base64 stands in ordinary words, too. */
const shortestBase64 = 6;
const shortestAlone = 4;
/** One of either alphabet. */
const symbol = "[\\w+/-]";

/** One secret, to be taken out of texts. */
export class Spelled {
  readonly #secret: string;
  /** Made when they are first needed: mostly nothing fails. */
  #patterns: readonly RegExp[] | undefined;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The text with a mark in the place of the secret. */
  without(text: string, mark: string): string {
    this.#patterns ??= piecesOf(this.#secret).map(patternOf);
    return this.#patterns.reduce((left, pattern) => left.replace(pattern, mark), text);
  }
}

function piecesOf(secret: string): readonly string[] {
  const letters = [...secret];
  const size = Math.ceil(letters.length / Math.ceil(letters.length / longestPiece));
  return Array.from({ length: Math.ceil(letters.length / size) }, (_, at) =>
    letters.slice(at * size, (at + 1) * size).join(""),
  );
}

/** Of all spellings. Capitals are the same: hexadecimal digits have both. */
function patternOf(piece: string): RegExp {
  const letters = [...piece].map(spellingsOf).join("");
  return new RegExp([letters, ...inBase64(toUtf8(piece))].join("|"), "giu");
}

/** What markup has names for. */
const names = new Map(Object.entries({ "&": "amp", '"': "quot", "'": "apos", "<": "lt", ">": "gt" }));

/**
 * A letter as it is, behind backslashes, as bytes with or without `%`, as JSON and as markup write it. All repetitions end
 * soon, so that no text makes the search take long.
 */
function spellingsOf(letter: string): string {
  const bytes = Array.from(toUtf8(letter), (byte) => `%?${hex(byte, 2)}`).join("");
  const units = Array.from({ length: letter.length }, (_, at) => {
    return `\\\\{1,4}u${hex(letter.charCodeAt(at), 4)}`;
  }).join("");
  const point = letter.codePointAt(0) ?? 0;
  const name = names.get(letter);
  const marked = `&(?:#(?:0{0,4}${point}|x0{0,4}${hex(point, 1)})${name ? `|${name}` : ""});`;
  const inForms = letter === " " ? "|\\+" : "";
  return `(?:\\\\{0,4}${literal(letter)}|${bytes}|${units}|${marked}${inForms})`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** The same letter within a pattern. */
function literal(letter: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(letter) ? `\\${letter}` : letter;
}

/**
 * What base64 makes of the bytes, wherever they stand among others, in both of its alphabets. The groups at the two ends
 * hold a part of them, and go with the others.
 */
function inBase64(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Math.floor((before + bytes.length) / 3) * 3;
    const among = new Uint8Array(whole);
    among.set(bytes.subarray(0, Math.max(0, whole - before)), Math.min(before, whole));
    const groups = toBase64(among).slice(before === 0 ? 0 : 4);
    // Alone, it may be as short as a user and a password in a Basic header.
    if (groups.length < (before === 0 ? shortestAlone : shortestBase64)) return [];
    const first = before === 0 ? "" : `${symbol}{0,4}`;
    const rest = (before + bytes.length) % 3;
    const last = rest === 0 ? "" : `${symbol}{0,${rest + 1}}={0,2}`;
    return [first + groups.replace(/[+/]/g, (it) => (it === "+" ? "[+-]" : "[/_]")) + last];
  });
}
