// URLs that come from elsewhere, and which of them may be believed.
import { isLoopback } from "../core.ts";

const dotted = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * Reads a URL. `URL` rewrites every spelling of an IPv4 address to the plain dotted one: another spelling is refused,
 * since nobody writes `0x7f.1` by accident.
 */
export function urlOf(text: string, from?: URL): URL | undefined {
  const url = parsed(text, from);
  if (!url || !dotted.test(url.hostname)) return url;
  return url.hostname === from?.hostname || text.includes(url.hostname) ? url : undefined;
}

function parsed(text: string, from: URL | undefined): URL | undefined {
  try {
    return new URL(text, from);
  } catch {
    return undefined;
  }
}

/** https, or http on this very machine; without a user in it, who would end up in messages and logs. */
export function isSafe(url: URL): boolean {
  if (url.username || url.password) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

/** May a server send us on to this place? Not to one without TLS, and not from afar to this very machine. */
export function maySendTo(to: URL, from: URL): boolean {
  return isSafe(to) && (isLoopback(from.hostname) || !isLoopback(to.hostname));
}
