// What a text hides: characters that nobody sees, that turn the direction of what follows, that pile up over their
// neighbours, or that look like others. Whoever decides by reading has to see them all.

/**
 * A piece of a text: as it is, or something to point out.
 *
 * @typedef {{ kind: "plain", text: string }} Plain
 * @typedef {{ kind: "hidden", code: number, times: number }} Hidden nothing to see by itself; so many in a row
 * @typedef {{ kind: "look-alike", text: string, code: number }} LookAlike to be seen, and not what it looks like
 * @typedef {Plain | Hidden | LookAlike} Piece
 *
 * @typedef {"prose" | "exact"} Kind `exact` is what is written in ASCII, such as references and identifiers: any other
 *   character is pointed out there. In prose people write their language.
 */

// U+2800 is a letter of Braille without a dot. A space that is not U+0020 looks like one, or like nothing. One or two
// marks make a letter of many languages; a pile of them covers the lines above and below.
const hidden =
  /([\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}|(?<=\p{M}\p{M})\p{M}|^\p{M})/u;
const beyondAscii = /([^\x20-\x7e])/u;
const word = /([\p{L}\p{M}]+)/u;
const latin = /\p{Script=Latin}/u;
const likeLatin =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;
/** Letters of other scripts that look like Latin ones: a word of nothing else poses as another word. */
const posing = /^[авеорсухіјѕһԁԛԝкмнтАВЕЅІЈКМНОРСТУХαοινρυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսոց]+$/u;
/** What Unicode itself takes for a plain letter, digit or separator: full width, mathematical bold and the like. */
const dressedUp = /^[a-z0-9/:.@_-]$/i;

/** Takes a text apart. @param {string} text @param {Kind} [kind] @returns {Piece[]} */
export function pieces(text, kind = "prose") {
  /** @type {Piece[]} */
  const found = [];
  text.split(hidden).forEach((part, index) => {
    if (index % 2) add(found, { kind: "hidden", code: codeOf(part), times: 1 });
    else for (const piece of seen(part, kind)) add(found, piece);
  });
  return found;
}

/** The same as plain text, for where there is no markup: options, titles, announcements. @param {string} text @param {Kind} [kind] */
export function visibleText(text, kind = "prose") {
  return pieces(text, kind).map(inBrackets).join("");
}

/** How a character is named: `U+202E`. @param {number} code */
export function codePoint(code) {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** What can be seen of a text, with what is not what it seems. @param {string} text @param {Kind} kind @returns {Piece[]} */
function seen(text, kind) {
  if (!beyondAscii.test(text)) return [{ kind: "plain", text }];
  if (kind === "exact") return marked(text, beyondAscii);
  return text
    .split(word)
    .flatMap((part, index) => (index % 2 ? ofWord(part) : marked(part, beyondAscii, poses)));
}

/** @param {string} text letters of one word @returns {Piece[]} */
function ofWord(text) {
  const suspects = posing.test(text) || (latin.test(text) && likeLatin.test(text)) ? likeLatin : undefined;
  return marked(text, beyondAscii, (letter) => suspects?.test(letter) || poses(letter));
}

/** Does a character pose as one of ASCII? @param {string} character */
function poses(character) {
  return dressedUp.test(character.normalize("NFKC"));
}

/** @param {string} text @param {RegExp} pattern with one group, a character @param {(character: string) => boolean} [isMeant] @returns {Piece[]} */
function marked(text, pattern, isMeant = () => true) {
  return text
    .split(pattern)
    .map((part, index) =>
      index % 2 && isMeant(part)
        ? { kind: "look-alike", text: part, code: codeOf(part) }
        : { kind: "plain", text: part },
    );
}

/** @param {Piece[]} found @param {Piece} next */
function add(found, next) {
  const last = found.at(-1);
  if (next.kind === "plain" && next.text === "") return;
  if (last?.kind === "plain" && next.kind === "plain") last.text += next.text;
  else if (last?.kind === "hidden" && next.kind === "hidden" && last.code === next.code) last.times += 1;
  else found.push(next);
}

/** @param {Piece} piece */
function inBrackets(piece) {
  if (piece.kind === "plain")
    return piece.text.replaceAll(/[⟦⟧]/g, (bracket) => `⟦${codePoint(codeOf(bracket))}⟧`);
  if (piece.kind === "look-alike") return `${piece.text}⟦${codePoint(piece.code)}⟧`;
  return `⟦${codePoint(piece.code)}${piece.times > 1 ? ` ×${piece.times}` : ""}⟧`;
}

/** @param {string} character */
function codeOf(character) {
  return /** @type {number} */ (character.codePointAt(0));
}
