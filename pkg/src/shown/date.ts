/** The date that a text names (RFC 3339), or undefined. */
export function dateOf(text: unknown): Date | undefined {
  if (typeof text !== "string" || text.length > 40) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.valueOf()) ? undefined : date;
}
