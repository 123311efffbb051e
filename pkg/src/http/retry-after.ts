// `Retry-After` (RFC 9110 §10.2.3).

/**
 * The seconds that a reply asks for: a number, or a date. Undefined when there is none that can be read.
 *
 * @param header one of the reply's
 */
export function retryAfterSeconds(header: (name: string) => string | null | undefined): number | undefined {
  const text = header("retry-after");
  if (!text) return undefined;
  // More digits than that are no time that anybody waits.
  if (/^\s*\d{1,12}\s*$/.test(text)) return Number(text);
  // By the clock of who says it, where it says its time: ours may be another.
  const now = Date.parse(header("date") ?? "") || Date.now();
  const wait = (Date.parse(text) - now) / 1000;
  return Number.isFinite(wait) ? Math.max(0, Math.ceil(wait)) : undefined;
}
