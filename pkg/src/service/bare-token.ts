// Tokens are copied out of JSON, headers and files of Windows. What stands around one there, no token has (RFC 6750
// §2.1), so it is safe to leave out. Library, page and command line do it alike.

// Blanks within it are not searched again from each of them.
const around = /^[\s"']*(?:bearer\s[\s"']*)?|(?<![\s"'])[\s"']+$/gi;

/** A token without white space and a byte order mark, quotes, and the word `Bearer` in front. */
export function bareToken(text: string): string {
  return text.replace(around, "");
}
