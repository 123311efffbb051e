// The end of a text that somebody else may have written.

/**
 * The text without the characters of one kind at its end. A pattern such as `/0+$/` tries again from each zero that
 * stands anywhere in the text, which takes the square of its length.
 *
 * @example
 * withoutTrailing("https://host/a//", "/"); // https://host/a
 */
export function withoutTrailing(text: string, character: string): string {
  let end = text.length;
  while (text[end - 1] === character) end--;
  return text.slice(0, end);
}
