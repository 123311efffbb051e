/**
 * A text around a place in it that is named in bytes of UTF-8, as errors name it: what comes before, the character
 * there, and what comes after. A place beyond the end is the end.
 */
export function aroundByte(text: string, offset: number) {
  let bytes = 0;
  let index = 0;
  for (const character of text) {
    const size = sizeOf(character);
    if (bytes + size > offset) return around(text, index, character);
    bytes += size;
    index += character.length;
  }
  return around(text, index, "");
}

function around(text: string, index: number, at: string) {
  return { before: text.slice(0, index), at, after: text.slice(index + at.length) };
}

/** In bytes of UTF-8; half of a pair becomes U+FFFD, which has three. */
function sizeOf(character: string) {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x1_0000 ? 3 : 4;
}
