// Texts of a service or of a file may hold what a terminal obeys, or what shows them in another order than they
// are in: escape sequences, line breaks, marks of direction. All of it is shown as what it is.

const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The text on one line, with everything invisible written out. @param {unknown} text */
export function visible(text) {
  return String(text).replace(invisible, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** JSON that a terminal can show: what is invisible within its texts is escaped. @param {unknown} value */
export function visibleJson(value) {
  const text = JSON.stringify(value, null, 2);
  // Line breaks between the fields are JSON's own; those in texts are escaped already.
  return text.replace(invisible, (character) => (character === "\n" ? character : escaped(character)));
}

/** @param {string} character */
function escaped(character) {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}

/**
 * A URL as it may be shown. What stands before the host or behind the path can be a password or a key: it becomes
 * stars, as many as it has bytes, so that an offset still points to its place.
 *
 * @param {string} text that was to be a URL
 */
export function withoutUrlSecrets(text) {
  const stars = (/** @type {string} */ secret) => "*".repeat(Buffer.byteLength(secret));
  return text
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)?(.*)(?=@)/is, (_, scheme = "", user) => scheme + stars(user))
    .replace(/(?<=[?#]).*/s, stars);
}

/** Longer than any reference: of what is longer only the surroundings of the place are shown, in bytes. */
const [longest, ahead, behind] = [1000, 60, 100];

/**
 * A text with a mark below the place that is wrong.
 *
 * @param {string} text @param {number} offset in bytes of its UTF-8 form
 */
export function pointedAt(text, offset) {
  const bytes = Buffer.from(text);
  const isLong = bytes.length > longest;
  const start = isLong ? Math.max(0, offset - ahead) : 0;
  const end = isLong ? Math.min(bytes.length, offset + behind) : bytes.length;
  const before = `${start > 0 ? "…" : ""}${visible(bytes.subarray(start, offset))}`;
  const after = `${visible(bytes.subarray(offset, end))}${end < bytes.length ? "…" : ""}`;
  return `${before}${after}\n${" ".repeat(before.length)}^`;
}
