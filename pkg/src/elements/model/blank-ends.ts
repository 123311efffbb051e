/**
 * A text without the white space that people copy along: blanks, tabs and line breaks. Nothing else is removed: what
 * cannot be seen may be there to deceive.
 */
export function withoutBlankEnds(text: string) {
  const isBlank = (index: number) => " \t\r\n".includes(text.charAt(index) || "none");
  let [start, end] = [0, text.length];
  while (isBlank(start)) start += 1;
  while (end > start && isBlank(end - 1)) end -= 1;
  return text.slice(start, end);
}
