/** What is said about texts from elsewhere. */
export const text = {
  /** @param {number} length */
  folded: (length) => `${length.toLocaleString()} characters in all; the rest is folded.`,
  unfold: "Show all of it",
  /** @param {number} length */
  whole: (length) => `The whole text, ${length.toLocaleString()} characters`,
  /** @param {string} character */
  hidden: (character) => `hidden character ${character}`,
  /** @param {string} character */
  lookAlike: (character) => `${character}: not the letter that it looks like`,
  wrongHere: "here it is wrong:",
  atTheEnd: "here, at the end, something is missing",
  /** Those that are used to deceive. @type {Record<string, string>} */
  characterNames: {
    "U+0000": "null",
    "U+0009": "tab",
    "U+000A": "line break",
    "U+000D": "carriage return",
    "U+001B": "escape",
    "U+0020": "space",
    "U+00A0": "no-break space",
    "U+00AD": "soft hyphen",
    "U+061C": "Arabic letter mark",
    "U+200B": "zero-width space",
    "U+200C": "zero-width non-joiner",
    "U+200D": "zero-width joiner",
    "U+200E": "left-to-right mark",
    "U+200F": "right-to-left mark",
    "U+2028": "line separator",
    "U+2029": "paragraph separator",
    "U+202A": "left-to-right embedding",
    "U+202B": "right-to-left embedding",
    "U+202C": "pop directional formatting",
    "U+202D": "left-to-right override",
    "U+202E": "right-to-left override",
    "U+2060": "word joiner",
    "U+2066": "left-to-right isolate",
    "U+2067": "right-to-left isolate",
    "U+2068": "first strong isolate",
    "U+2069": "pop directional isolate",
    "U+FEFF": "byte order mark",
    "U+FFFC": "object replacement",
  },
};
