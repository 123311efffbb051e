import { parseReference } from "ocisign";

/**
 * A reference as it was typed, without the white space that one copies along. Nothing else is forgiven: it might be
 * there to deceive.
 *
 * @param {string} typed
 * @returns {{ text: string, reference?: import("ocisign").ImageReference, error?: unknown }}
 */
export function readGivenReference(typed) {
  const text = withoutEnds(typed);
  try {
    return { text, reference: parseReference(text) };
  } catch (error) {
    return { text, error };
  }
}

/** @param {string} text */
function withoutEnds(text) {
  const isSpace = (/** @type {number} */ index) => " \t\r\n".includes(text.charAt(index) || "none");
  let [start, end] = [0, text.length];
  while (isSpace(start)) start += 1;
  while (end > start && isSpace(end - 1)) end -= 1;
  return text.slice(start, end);
}
