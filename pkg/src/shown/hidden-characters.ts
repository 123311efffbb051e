// What a text hides: characters that are invisible, that turn the direction of what follows, that pile up over their
// neighbours, or that look like others. An approver decides by reading, and has to see them all.
import { codePointsIn } from "./code-points.ts";
import { invisible } from "./invisible.ts";
import { letters, signs } from "./look-alikes.ts";

/** A piece of a text: as it is, or something to point out. */
export type Piece = Plain | Hidden | LookAlike;
type Plain = { kind: "plain"; text: string };
/** Invisible by itself; `times` of it in a row. */
type Hidden = { kind: "hidden"; code: number; times: number };
/** Visible, but not the character that it looks like. */
type LookAlike = { kind: "look-alike"; text: string; code: number };

/**
 * `exact` is what is written in ASCII, such as references and identifiers: any other character is pointed out there. In
 * prose people write their language.
 */
export type Kind = "prose" | "exact";

/** One or two marks make a letter of many languages. A pile of them covers the lines above and below. */
const piled = /(?<=\p{M}\p{M})\p{M}|^\p{M}/u;
/** Marks that strike out or encircle what they stand on. */
const striking = /\p{Me}|[\u0334-\u0338]|[\u20d2\u20d3\u20d8-\u20da\u20e5\u20e6\u20ea\u20eb]/u;
/** A letter of ASCII takes the marks of Latin. Fonts draw other marks, and marks on other characters, anyhow or not. */
const astray = /(?<=[\x20-\x7e])(?:(?<![A-Za-z])|(?![\u0300-\u036f]))\p{M}/u;
/** Spaces that browsers do not draw: at either end, and all but one of many. */
const undrawn = /^ | $|(?<= ) | (?= )/u;
/** By kind; in prose, spaces are drawn as they are. */
const hidden = {
  prose: oneOf(invisible, piled, striking, astray),
  exact: oneOf(invisible, piled, striking, astray, undrawn),
};
const beyondAscii = /([^\x20-\x7e])/u;
const word = /([\p{L}\p{M}\p{Nd}]+)/u;
const latin = /\p{Script=Latin}/u;
/** Letters and digits that do not belong in a Latin word. Some scripts stand beside one without a space. */
const likeLatin =
  /(?![\p{sc=Latn}\p{sc=Zyyy}\p{sc=Zinh}\p{sc=Hani}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}])[\p{L}\p{Nd}]/u;
/** Letters of other scripts that look like Latin ones: a word of nothing else poses as another word. */
const posing = codePointsIn(letters);
/** What Unicode itself takes for a plain letter, digit or separator: full width, mathematical bold and the like. */
const dressedUp = /^[a-z0-9/:.@_-]$/i;
/** What it does not, though it looks the same: letters of phonetics, clicks, and signs of mathematics. */
const undressed = codePointsIn(signs);

/** Takes a text apart. */
export function pieces(text: string, kind: Kind = "prose"): Piece[] {
  const found: Piece[] = [];
  text.split(hidden[kind]).forEach((part, index) => {
    if (index % 2) add(found, { kind: "hidden", code: codeOf(part), times: 1 });
    else for (const piece of seen(part, kind)) add(found, piece);
  });
  return found;
}

/** The same as plain text, for where there is no markup: options, titles, announcements. */
export function visibleText(text: string, kind: Kind = "prose") {
  return pieces(text, kind).map(inBrackets).join("");
}

/** How a character is named: `U+202E`. */
export function codePoint(code: number) {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The visible parts of a text, with the look-alikes among them. */
function seen(text: string, kind: Kind): Piece[] {
  if (!beyondAscii.test(text)) return [{ kind: "plain", text }];
  if (kind === "exact") return marked(text, beyondAscii);
  return text
    .split(word)
    .flatMap((part, index) => (index % 2 ? ofWord(part) : marked(part, beyondAscii, poses)));
}

/** The pieces of one word. */
function ofWord(text: string) {
  const suspects = isPosing(text) || (latin.test(text) && likeLatin.test(text)) ? likeLatin : undefined;
  return marked(text, beyondAscii, (letter) => suspects?.test(letter) === true || poses(letter));
}

/** Does a word look like another one, of Latin letters and digits? */
function isPosing(text: string) {
  return [...text].every((letter) => /[0-9]/.test(letter) || posing.has(codeOf(letter)));
}

/** Does a character pose as one of ASCII? */
function poses(character: string) {
  return undressed.has(codeOf(character)) || dressedUp.test(character.normalize("NFKC"));
}

/** Points out the characters that `pattern` finds, in its one group, and that are meant. */
function marked(
  text: string,
  pattern: RegExp,
  isMeant: (character: string) => boolean = () => true,
): Piece[] {
  return text
    .split(pattern)
    .map((part, index) =>
      index % 2 && isMeant(part)
        ? { kind: "look-alike", text: part, code: codeOf(part) }
        : { kind: "plain", text: part },
    );
}

function add(found: Piece[], next: Piece) {
  const last = found.at(-1);
  if (next.kind === "plain" && next.text === "") return;
  if (last?.kind === "plain" && next.kind === "plain") last.text += next.text;
  else if (last?.kind === "hidden" && next.kind === "hidden" && last.code === next.code) last.times += 1;
  else found.push(next);
}

function inBrackets(piece: Piece) {
  if (piece.kind === "plain")
    return piece.text.replaceAll(/[⟦⟧]/g, (bracket) => `⟦${codePoint(codeOf(bracket))}⟧`);
  if (piece.kind === "look-alike") return `${piece.text}⟦${codePoint(piece.code)}⟧`;
  return `⟦${codePoint(piece.code)}${piece.times > 1 ? ` ×${piece.times}` : ""}⟧`;
}

/** A pattern with one group: splitting by it keeps what it finds. */
function oneOf(...patterns: RegExp[]) {
  return new RegExp(`(${patterns.map(({ source }) => source).join("|")})`, "u");
}

/** Of a text that is not empty. */
function codeOf(character: string) {
  return character.codePointAt(0) ?? 0;
}
