/** Any JSON value in words: texts are as they are, nothing is empty, anything else is JSON. */
export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : (JSON.stringify(value) ?? String(value));
}

/** The same, so that no text looks like what is none: one that JSON reads as a value stands in quotes, as in JSON. */
export function spelledOut(value: unknown): string {
  return typeof value === "string" && !isJson(value) ? value : (JSON.stringify(value) ?? "");
}

function isJson(text: string): boolean {
  // Most texts are none at a glance.
  if (!/^\s*[-\d"[{tfn]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
