// URLs that come from elsewhere, and which of them may be believed.
import { isLoopback } from "../core.ts";
import { type Nearness, nearnessOf } from "./nearness.ts";
import { addressesOf } from "./resolve.ts";

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

/**
 * Why a server may not send us on to this place; undefined if it may. Not to one without TLS. Never to this machine or
 * this link, unless the server is there itself; to a private network only from one, or from this machine. The rule holds
 * for what the URL says, and in Node for each address that its name has.
 *
 * Between this look and the connection a name may change its addresses: the platform's `fetch` takes a name, not an
 * address (docs/verify.md).
 */
export async function whyNotTo(to: URL, from: URL): Promise<string | undefined> {
  if (to.username || to.password) return "a URL with a user in it";
  if (!isSafe(to)) return "not https";
  if (to.hostname === from.hostname) return undefined;
  const [there, here] = await Promise.all([placesOf(to.hostname), placesOf(from.hostname)]);
  return there.find((place) => !here.every((own) => isAllowed(place, own)));
}

/** All that a host belongs to. A name of which nothing is known is taken for one on the internet. */
async function placesOf(host: string): Promise<readonly Nearness[]> {
  const place = nearnessOf(host);
  if (place) return [place];
  const places = (await addressesOf(host)).map((address) => nearnessOf(address) ?? "the internet");
  return places.length > 0 ? places : ["the internet"];
}

function isAllowed(to: Nearness, from: Nearness): boolean {
  if (to === "the internet" || to === from) return true;
  return to === "a private network" && from === "this machine";
}
