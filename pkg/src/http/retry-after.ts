// `Retry-After` (RFC 9110 §10.2.3).

/** The seconds that it asks for: a number, or a date. Undefined when there is none that can be read. */
export function retryAfterSeconds(text: string | null | undefined): number | undefined {
  if (!text) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  const wait = (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(wait) ? Math.max(0, Math.ceil(wait)) : undefined;
}
