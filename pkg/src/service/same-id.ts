// Are two ids the same?

/** Ids are UUIDs, whose case says nothing; only that of ASCII, since others fold into it. */
export function isSameId(a: string, b: string): boolean {
  const folded = (id: string) => id.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return folded(a) === folded(b);
}
