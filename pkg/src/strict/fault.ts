// Why something is no proof. It becomes the reason of one signature; a caller never sees it thrown.

/** Says what is wrong with one signature. */
export class Fault extends Error {
  override name = "Fault";
}

export function refuse(reason: string): never {
  throw new Fault(reason);
}

/**
 * Foreign text for a reason: short, on one line, and without anything invisible. Only text: of JSON that says how it
 * becomes one, `String` makes an error.
 */
export function quoted(text: string | undefined): string {
  // No more of it than is needed: a registry chooses how long it is.
  const characters = [...String(text).slice(0, 200)];
  const shown = characters.slice(0, 60).map((it) => (/^[ -~]$/.test(it) ? it : writtenOut(it)));
  return `\`${shown.join("")}${characters.length > 60 ? "…" : ""}\``;
}

function writtenOut(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
