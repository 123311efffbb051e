// Where a value stands in JSON, as people read it: `payload.metadata[0].value`.

/** The place of a field. A name that could be taken for several is written as JSON: `payload["a.b"]`. */
export function pathOfField(path: string, name: string): string {
  if (!/^[\w$-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

/** The place of an element. */
export function pathOfElement(path: string, index: number | string): string {
  return `${path}[${index}]`;
}
