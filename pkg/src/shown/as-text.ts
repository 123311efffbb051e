/** Any JSON value in words: texts are as they are, nothing is empty, anything else is JSON. */
export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : (JSON.stringify(value) ?? String(value));
}
