// Why something is no proof. It ends up as the reason of one signature, and is never thrown at a caller.

/** Says what is wrong with one signature. */
export class Fault extends Error {
  name = "Fault";
}

/** @param {string} reason @returns {never} */
export function refuse(reason) {
  throw new Fault(reason);
}

/** A text that somebody else wrote, for a reason: short, on one line, and without anything invisible. @param {unknown} text */
export function quoted(text) {
  const characters = [...String(text)];
  const shown = characters.slice(0, 60).map((it) => (/^[ -~]$/.test(it) ? it : writtenOut(it)));
  return `\`${shown.join("")}${characters.length > 60 ? "…" : ""}\``;
}

/** @param {string} character */
function writtenOut(character) {
  return `\\u{${/** @type {number} */ (character.codePointAt(0)).toString(16)}}`;
}
