// What a text hides, by a table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces, visibleText } from "../support/elements-model.js";
import { newSeed, randomNumbers } from "../support/random.js";

const prose = [
  ["", ""],
  ["plain ASCII ~!@#", "plain ASCII ~!@#"],
  ["Grüße, Привет мир, 你好, שלום, مرحبا", "Grüße, Привет мир, 你好, שלום, مرحبا"],
  ["ιός Ἰησοῦς हिन्दी ภาษาไทย Tiếng Việt", "ιός Ἰησοῦς हिन्दी ภาษาไทย Tiếng Việt"],
  ["Tie\u0302\u0301ng Vie\u0323\u0302t", "Tie\u0302\u0301ng Vie\u0323\u0302t"],
  ["a\u202egnp.exe", "a⟦U+202E⟧gnp.exe"],
  ["a\u200b\u200b\u200bb", "a⟦U+200B ×3⟧b"],
  ["a\u200bb\u200cc", "a⟦U+200B⟧b⟦U+200C⟧c"],
  ["\ufeffa\u2060", "⟦U+FEFF⟧a⟦U+2060⟧"],
  ["tab\tline\nnull\0", "tab⟦U+0009⟧line⟦U+000A⟧null⟦U+0000⟧"],
  ["no\u00a0break\u3000wide", "no⟦U+00A0⟧break⟦U+3000⟧wide"],
  ["\u2066isolated\u2069", "⟦U+2066⟧isolated⟦U+2069⟧"],
  ["tag\u{e0041}\u{e007f}", "tag⟦U+E0041⟧⟦U+E007F⟧"],
  ["blank\u2800\u3164\u115f\u17b4", "blank⟦U+2800⟧⟦U+3164⟧⟦U+115F⟧⟦U+17B4⟧"],
  ["half \ud800 pair", "half ⟦U+D800⟧ pair"],
  ["mine \ue000", "mine ⟦U+E000⟧"],
  ["variation\ufe0f", "variation⟦U+FE0F⟧"],
  // A mark or two belong to a letter; a pile covers its neighbours, and one at the very beginning what stands before.
  ["e\u0301 o\u0302\u0303", "e\u0301 o\u0302\u0303"],
  ["e\u0301\u0302\u0303\u0303\u0303", "e\u0301\u0302⟦U+0303 ×3⟧"],
  ["\u0336struck", "⟦U+0336⟧struck"],
  // What strikes a letter out, or encircles it; and marks of another script on ASCII, which fonts draw as nothing.
  ["n\u0336o\u0336 = \u0338 a\u20e0", "n⟦U+0336⟧o⟦U+0336⟧ = ⟦U+0338⟧ a⟦U+20E0⟧"],
  ["reg\u17d2istry 1\u0301", "reg⟦U+17D2⟧istry 1⟦U+0301⟧"],
  ["null \u{1d159}\u{13441}\ufffc", "null ⟦U+1D159⟧⟦U+13441⟧⟦U+FFFC⟧"],
  // Cyrillic а in a Latin word, and a whole word of letters that look Latin.
  ["р\u0430ypal", "р⟦U+0440⟧а⟦U+0430⟧ypal"],
  ["сосо", "с⟦U+0441⟧о⟦U+043E⟧с⟦U+0441⟧о⟦U+043E⟧"],
  // So does Lisu as a whole, and small capitals; letters of any other script in a Latin word are no language.
  ["ꓐꓳꓐ", "ꓐ⟦U+A4D0⟧ꓳ⟦U+A4F3⟧ꓐ⟦U+A4D0⟧"],
  ["ɡit ᴀ", "ɡ⟦U+0261⟧it ᴀ⟦U+1D00⟧"],
  ["rᎾot ᗅB", "rᎾ⟦U+13BE⟧ot ᗅ⟦U+15C5⟧B"],
  ["v1०", "v1०⟦U+0966⟧"],
  ["१०८ Webサイト dəmir ɛ", "१०८ Webサイト dəmir ɛ"],
  ["ｒoot / 𝐫oot", "ｒ⟦U+FF52⟧oot / 𝐫⟦U+1D42B⟧oot"],
  ["a∕b⁄c∶d", "a∕⟦U+2215⟧b⁄⟦U+2044⟧c∶⟦U+2236⟧d"],
  ["a：b／c", "a：⟦U+FF1A⟧b／⟦U+FF0F⟧c"],
  // What looks like our own marks is none of them.
  ["⟦U+202E⟧", "⟦U+27E6⟧U+202E⟦U+27E7⟧"],
];
const exact = [
  ["registry.example/team/app", "registry.example/team/app"],
  ["registry.exаmple", "registry.exа⟦U+0430⟧mple"],
  ["registry.example\u2024evil", "registry.example․⟦U+2024⟧evil"],
  // Browsers draw many spaces as one, and none at either end.
  ["a  b c", "a⟦U+0020 ×2⟧b c"],
  [" prod ", "⟦U+0020⟧prod⟦U+0020⟧"],
  ["Grüße", "Grü⟦U+00FC⟧ß⟦U+00DF⟧e"],
];

test("what is invisible, piled up or posing is written out; languages are left alone", () => {
  for (const [text, shown] of prose) assert.equal(visibleText(text), shown, JSON.stringify(text));
  for (const [text, shown] of exact) assert.equal(visibleText(text, "exact"), shown, JSON.stringify(text));
});

test("look-alikes of Unicode's table: as a word of their own, or wherever they stand", () => {
  const marked = (text) =>
    pieces(text)
      .filter((it) => it.kind === "look-alike")
      .map((it) => it.text)
      .join("");
  // Letters of Cyrillic, Greek, Armenian, Cherokee, Coptic and Canadian syllabics.
  for (const word of [
    "а",
    "е",
    "о",
    "р",
    "с",
    "х",
    "сорсо",
    "ο",
    "ν",
    "ον",
    "օս",
    "ᏢᎪᏴ",
    "ⲟⲣ",
    "ᗪᖇ",
    "о0о",
  ]) {
    assert.equal(marked(word), word.replaceAll(/[0-9]/g, ""), word);
    assert.equal(marked(`— ${word}.`), word.replaceAll(/[0-9]/g, ""), word);
  }
  // Full width, Roman numerals, small capitals, letters of phonetics and of mathematics, slashes, dashes and colons.
  for (const sign of "ａＺ９ⅰⅼⅮᴀᴄʀꜱɑɡǀȷ𝐫𝛂℮⁄∕⧸╱‐‑−∶꞉ː․ꓸ＠＿") assert.equal(marked(`x${sign}y`), sign, sign);
  // What everyday texts have of the table.
  for (const text of ["Kapı", "Ewe ŋɔŋlɔ, ɣletiwo", "1990–2000, 3 × 4", "it’s “so”", "١٢٣", "הוסף", "ㅇㅇ"]) {
    assert.equal(marked(text), "", text);
  }
});

test("no character of ASCII is a look-alike, in any company", () => {
  for (let code = 0x20; code < 0x7f; code += 1) {
    const character = String.fromCharCode(code);
    for (const text of [character, `a${character}я`, `${character}о${character}`, `é${character}\u0430`]) {
      const found = pieces(text).filter((it) => it.kind === "look-alike");
      assert.ok(!found.some((it) => it.text === character), JSON.stringify(text));
    }
  }
});

test("nothing is lost and nothing invisible is left, whatever the text (random)", () => {
  const seed = newSeed();
  console.log(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  const alphabet = [..."aZ9 ⟦\n\t\u200b\u202e\u0301\u0430é你\u{1f600}\ud800\u{e0041}\u00a0\u2800"];
  for (let round = 0; round < 500; round += 1) {
    const text = Array.from({ length: random(40) }, () => alphabet[random(alphabet.length)]).join("");
    for (const kind of /** @type {const} */ (["prose", "exact"])) {
      const found = pieces(text, kind);
      const back = found.map((it) =>
        it.kind === "hidden" ? String.fromCodePoint(it.code).repeat(it.times) : it.text,
      );
      assert.equal(back.join(""), text);
      const seen = found.filter((it) => it.kind !== "hidden").map((it) => it.text);
      assert.doesNotMatch(seen.join(""), /[\p{C}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u);
    }
  }
});
