// Where a list goes on, as the service says it: a URL or a path, in a reply or in the header `Link`. The token is sent
// there, so it is read with the care of a path of the profile.
import { harmless } from "../../core.ts";
import type { OcisignErrorOf } from "../../error.ts";
import { isText } from "../../foreign.ts";
import { badReply, type Reply } from "../reply.ts";
import { shapes } from "../shaped.ts";

/** No honest address is longer. */
const longest = 8000;

/** The page that a reply names; undefined when it names none. @param from the URL of the reply @param base without a slash at its end */
export function nextIn(named: unknown, from: string, base: string, reply: Reply): string | undefined {
  if (named === undefined || named === null || named === "") return undefined;
  if (!isText(named)) throw unusable(reply, "is no text");
  const [url, below] = [named.length > longest ? undefined : urlFrom(named, from), urlFrom(`${base}/`)];
  if (!url || !below) throw unusable(reply, "is no URL");
  if (url.origin !== below.origin) {
    throw unusable(reply, `lies at another origin, ${harmless(`${url.protocol}//${url.host}`)}`);
  }
  if (url.username || url.password) throw unusable(reply, "holds credentials");
  // What a URL parser does not decode, a server may.
  if (!url.pathname.startsWith(below.pathname) || /%(2e|2f|5c)/i.test(url.pathname)) {
    throw unusable(reply, "lies outside of baseUrl");
  }
  url.hash = "";
  return url.href;
}

function urlFrom(named: string, from?: string): URL | undefined {
  try {
    return new URL(named, from);
  } catch {
    return undefined;
  }
}

/** The page that the header `Link` names. One that cannot be read is never taken for the end of the list. */
export async function nextInHeader(from: string, base: string, reply: Reply): Promise<string | undefined> {
  const { link } = reply;
  if (!link) return undefined;
  const links = await shapes.linksIn(link);
  // Other things stand in this header, too, and not all who write it know its grammar.
  if (!links && !/next/i.test(link)) return undefined;
  const following = links?.filter(({ relations }) => relations.includes("next"));
  const targets = new Set(following?.map(({ target }) => target));
  if (!following || targets.size > 1 || following.some(({ hasAnchor }) => hasAnchor)) {
    throw unusable(reply, "cannot be read from the header Link");
  }
  return nextIn([...targets][0], from, base, reply);
}

function unusable(reply: Reply, what: string): OcisignErrorOf {
  const fix = "Report it to those who run the service: each page has to name one next page, below baseUrl.";
  return badReply(reply, `${reply.doing}: the next page ${what}.`, fix);
}
