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

/**
 * A text with a mark below the place that is wrong.
 *
 * @param {string} text @param {number} offset in bytes of its UTF-8 form
 */
export function pointedAt(text, offset) {
  const before = Buffer.from(text).subarray(0, offset).toString();
  return `${visible(text)}\n${" ".repeat(visible(before).length)}^`;
}
