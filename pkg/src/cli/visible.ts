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

/**
 * A URL, or a text that should be one, as it may be shown. The parts before the host and behind the path can be a
 * password or a key: they become stars, one a byte, so that an offset still points to its place.
 */
export function withoutUrlSecrets(text: string): string {
  const stars = (secret: string) => "*".repeat(Buffer.byteLength(secret));
  return text
    .replace(
      /^([a-z][a-z0-9+.-]*:\/\/)?(.*)(?=@)/is,
      (_, scheme: string | undefined, user: string) => (scheme ?? "") + stars(user),
    )
    .replace(/(?<=[?#]).*/s, stars);
}

/** Of a text that is longer than any reference, only the surroundings of the place are shown. In bytes. */
const [longest, ahead, behind] = [1000, 60, 100] as const;

/** A text with a mark below the place that is wrong: an offset in bytes of its UTF-8 form. */
export function pointedAt(text: string, offset: number): string {
  const bytes = Buffer.from(text);
  const isLong = bytes.length > longest;
  const start = isLong ? Math.max(0, offset - ahead) : 0;
  const end = isLong ? Math.min(bytes.length, offset + behind) : bytes.length;
  const before = `${start > 0 ? "…" : ""}${visible(bytes.subarray(start, offset))}`;
  const after = `${visible(bytes.subarray(offset, end))}${end < bytes.length ? "…" : ""}`;
  return `${before}${after}\n${" ".repeat(before.length)}^`;
}
