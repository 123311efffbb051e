// `Retry-After` (RFC 9110 §10.2.3).

/** The seconds that it asks for: a number, or a date. Undefined when there is none that can be read. */
export function retryAfterSeconds(text: string | null | undefined): number | undefined {
  if (!text) return undefined;
  // More digits than that are no time that anybody waits.
  if (/^\s*\d{1,12}\s*$/.test(text)) return Number(text);
  const wait = (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(wait) ? Math.max(0, Math.ceil(wait)) : undefined;
}
