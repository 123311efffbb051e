// Takes secrets out of a text, however the text spells them. Servers, proxies and platforms repeat what they were sent as
// it is, or as a URL, JSON, markup, base64 or hexadecimal digits write it. The text is walked by hand: a pattern of all
// spellings of a token takes seconds to compile.
import { toUtf8 } from "./bytes.ts";
import { toBase64 } from "./strict/base64.ts";

/** A longer secret is looked for in pieces: who repeats it may have cut it. */
const longestPiece = 200;
/** Shorter base64 stands in ordinary words, too. */
const shortestBase64 = 6;
const shortestAlone = 4;
/** As often as a text that was quoted twice has them, and no oftener: so a letter has an end. */
const mostBackslashes = 4;

/** One secret, to be taken out of texts. */
export class Spelled {
  readonly #secret: string;
  /** Made when they are first needed: mostly nothing fails. */
  #pieces: readonly Piece[] | undefined;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The text with a mark in the place of the secret. */
  without(text: string, mark: string): string {
    this.#pieces ??= piecesOf(this.#secret).map(pieceOf);
    return this.#pieces.reduce((left, piece) => withoutPiece(left, piece, mark), text);
  }
}

interface Piece {
  readonly letters: readonly Letter[];
  /** What any spelling of its first letter begins with. */
  readonly beginnings: ReadonlySet<string>;
  readonly encoded: readonly Encoded[];
}

/** A letter, and what stands for it elsewhere; all of it without capitals. */
interface Letter {
  readonly plain: string;
  /** The bytes of UTF-8, and the units of UTF-16, in hexadecimal digits. */
  readonly bytes: readonly string[];
  readonly units: readonly string[];
  readonly point: number;
}

/** The groups of base64 that are of the piece alone, and how many symbols beside them are of it in part. */
interface Encoded {
  readonly groups: string;
  readonly before: number;
  readonly after: number;
}

function piecesOf(secret: string): readonly string[] {
  const letters = [...secret];
  const size = Math.ceil(letters.length / Math.ceil(letters.length / longestPiece));
  return Array.from({ length: Math.ceil(letters.length / size) }, (_, at) =>
    letters.slice(at * size, (at + 1) * size).join(""),
  );
}

function pieceOf(text: string): Piece {
  const letters = [...text].map(letterOf);
  const [first] = letters;
  const beginnings = new Set([
    first?.plain[0],
    first?.bytes[0]?.[0],
    ..."\\%&",
    first?.plain === " " ? "+" : "%",
  ]);
  return { letters, beginnings: beginnings as ReadonlySet<string>, encoded: inBase64(toUtf8(text)) };
}

function letterOf(letter: string): Letter {
  return {
    plain: small(letter),
    bytes: Array.from(toUtf8(letter), (byte) => byte.toString(16).padStart(2, "0")),
    units: Array.from({ length: letter.length }, (_, at) =>
      letter.charCodeAt(at).toString(16).padStart(4, "0"),
    ),
    point: letter.codePointAt(0) ?? 0,
  };
}

/** Capitals are the same as small letters: hexadecimal digits have both. No length changes. */
function small(text: string): string {
  return text.replace(/[A-Z]/g, (it) => it.toLowerCase());
}

function withoutPiece(text: string, piece: Piece, mark: string): string {
  const left = withoutParts(text, mark, lettersIn(small(text), piece));
  // Both alphabets are one here.
  const plain = left.replaceAll("-", "+").replaceAll("_", "/");
  return withoutParts(left, mark, groupsIn(plain, piece.encoded));
}

type Part = readonly [start: number, end: number];

/** @param parts in order */
function withoutParts(text: string, mark: string, parts: readonly Part[]): string {
  let clean = "";
  let done = 0;
  for (const [start, end] of parts) {
    if (start < done) continue;
    clean += text.slice(done, start) + mark;
    done = end;
  }
  return done === 0 ? text : clean + text.slice(done);
}

function lettersIn(text: string, { letters, beginnings }: Piece): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < text.length; at++) {
    if (!beginnings.has(text.charAt(at))) continue;
    const end = endOf(letters, text, at);
    if (end === undefined) continue;
    parts.push([at, end]);
    at = end - 1;
  }
  return parts;
}

/** Where all letters end that begin at a place of a text. One place may be the end of several spellings. */
function endOf(letters: readonly Letter[], text: string, start: number): number | undefined {
  let places: readonly number[] = [start];
  for (const letter of letters) {
    places = [...new Set(places.flatMap((at) => endsOf(letter, text, at)))];
    if (places.length === 0) return undefined;
  }
  return Math.max(...places);
}

/** A letter as it is, behind backslashes, as bytes with or without `%`, as JSON and as markup write it. */
function endsOf({ plain, bytes, units, point }: Letter, text: string, at: number): number[] {
  const behind = at + backslashesAt(text, at);
  const ends = [
    text.startsWith(plain, behind) ? behind + plain.length : undefined,
    text.startsWith(plain, at) ? at + plain.length : undefined,
    plain === " " && text[at] === "+" ? at + 1 : undefined,
    inTurn(bytes, at, (byte, from) => ended(byte, text, text[from] === "%" ? from + 1 : from)),
    text[at] === "\\" ? inTurn(units, at, (unit, from) => unitEnd(unit, text, from)) : undefined,
    text[at] === "&" ? markedEnd(point, text, at) : undefined,
  ];
  return ends.filter((end) => end !== undefined);
}

function backslashesAt(text: string, at: number): number {
  let count = 0;
  while (count < mostBackslashes && text[at + count] === "\\") count++;
  return count;
}

function inTurn(
  parts: readonly string[],
  start: number,
  end: (part: string, from: number) => number | undefined,
): number | undefined {
  let at: number | undefined = start;
  for (const part of parts) {
    if (at === undefined) return undefined;
    at = end(part, at);
  }
  return at;
}

function ended(part: string, text: string, at: number): number | undefined {
  return text.startsWith(part, at) ? at + part.length : undefined;
}

/** `\u0070` */
function unitEnd(unit: string, text: string, at: number): number | undefined {
  const count = backslashesAt(text, at);
  return count === 0 ? undefined : ended(`u${unit}`, text, at + count);
}

const entity = /&(?:#0{0,4}(\d{1,7})|#x0{0,4}([\da-f]{1,6})|(amp|quot|apos|lt|gt));/y;
/** What markup has names for. */
const named: Readonly<Record<string, string>> = { amp: "&", quot: '"', apos: "'", lt: "<", gt: ">" };

/** `&#112;`, `&#x70;`, `&amp;` */
function markedEnd(point: number, text: string, at: number): number | undefined {
  entity.lastIndex = at;
  const found = entity.exec(text);
  if (!found) return undefined;
  const [, decimal, hexadecimal, name = ""] = found;
  const marked = decimal ? Number(decimal) : hexadecimal ? Number.parseInt(hexadecimal, 16) : undefined;
  return (marked ?? named[name]?.codePointAt(0)) === point ? entity.lastIndex : undefined;
}

/** What base64 makes of the bytes, wherever they stand among others. */
function inBase64(bytes: Uint8Array): readonly Encoded[] {
  return [0, 1, 2].flatMap((others) => {
    const whole = Math.floor((others + bytes.length) / 3) * 3;
    const among = new Uint8Array(whole);
    among.set(bytes.subarray(0, Math.max(0, whole - others)), Math.min(others, whole));
    const groups = toBase64(among).slice(others === 0 ? 0 : 4);
    // Alone, it may be as short as a user and a password in a Basic header.
    if (groups.length < (others === 0 ? shortestAlone : shortestBase64)) return [];
    const rest = (others + bytes.length) % 3;
    return [{ groups, before: others === 0 ? 0 : 4, after: rest === 0 ? 0 : rest + 1 }];
  });
}

/** With the symbols at both ends that are of them in part, and the padding. */
function groupsIn(text: string, encoded: readonly Encoded[]): readonly Part[] {
  const parts: Part[] = [];
  for (const { groups, before, after } of encoded) {
    for (let at = text.indexOf(groups); at >= 0; at = text.indexOf(groups, at + groups.length)) {
      const start = at - symbolsAt(text, at - 1, -1, before);
      const last = at + groups.length;
      const end = last + symbolsAt(text, last, 1, after);
      parts.push([start, after === 0 ? end : end + paddingAt(text, end)]);
    }
  }
  return parts.sort(([one], [other]) => one - other);
}

function symbolsAt(text: string, start: number, step: number, most: number): number {
  let count = 0;
  while (count < most && /[A-Za-z0-9+/]/.test(text.charAt(start + step * count))) count++;
  return count;
}

function paddingAt(text: string, at: number): number {
  return text.startsWith("==", at) ? 2 : text.startsWith("=", at) ? 1 : 0;
}
