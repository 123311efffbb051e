// How every request travels: with nothing of the page's, and not along a redirect by itself. The module says so of the
// requests that it builds (src/js/http.rs); whatever else is sent says the same.
import { request } from "../core.ts";
import type { FetchInit } from "./fetch.ts";

/** The part of `fetch`'s options that tells how a request travels. */
export type Travel = Pick<FetchInit, "redirect" | "credentials" | "cache" | "referrerPolicy">;

let known: Travel | undefined;

/** Read from a request of the module's own. A runtime without cookies or cache may leave some of it out. */
export function travel(): Travel {
  if (!known) {
    const built = request(
      "https://localhost/",
      "GET",
      new Headers(),
      undefined,
      new AbortController().signal,
    );
    const { redirect, credentials, cache, referrerPolicy } = built;
    // The types of a built request are wider than what the module puts there.
    known = { redirect, credentials, cache, referrerPolicy } as Travel;
  }
  return known;
}
