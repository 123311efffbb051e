// Characters that nobody sees.

/**
 * Drawn as nothing. U+2800 is a letter of Braille without a dot, U+1D159 a note without a head, U+13441 and U+13442 are
 * blanks among hieroglyphs, U+16FE4 fills a place, U+FFFC stands for an object. A space that is not U+0020 looks like
 * one, or like nothing.
 */
export const invisible =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}\u{16fe4}\ufffc]|(?! )\p{Zs}/u;
