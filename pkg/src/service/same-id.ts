// Are two ids the same?

/** Ids are UUIDs, whose case says nothing; only that of ASCII, since others fold into it. */
export function isSameId(a: string, b: string): boolean {
  return foldedId(a) === foldedId(b);
}

/** An id for comparing. */
export function foldedId(id: string): string {
  return id.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
