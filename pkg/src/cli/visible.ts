// Texts of a service or of a file may hold escape sequences, line breaks and marks of direction. A terminal would obey
// them, or show the text in another order. So they are written out.

const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The text on one line, with everything invisible written out. */
export function visible(text: unknown): string {
  return String(text).replace(invisible, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** JSON that a terminal can show: what is invisible within its texts is escaped. */
export function visibleJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  // Line breaks between the fields are JSON's own; those in texts are escaped already.
  return text.replace(invisible, (character) => (character === "\n" ? character : escaped(character)));
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}
