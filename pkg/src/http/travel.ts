// How every request travels: with nothing of the page's, and not along a redirect by itself. The module says so
// (src/js/http.rs), and whatever is sent says the same.
import { traveller } from "../core.ts";
import type { FetchInit } from "./fetch.ts";

/** The part of `fetch`'s options that tells how a request travels. */
export type Travel = Pick<FetchInit, "redirect" | "credentials" | "cache" | "referrerPolicy">;

let known: Travel | undefined;

/**
 * Read once from a request of the module's own: a `Request` that is handed to `fetch` is made twice, and its body
 * streamed. A runtime without cookies or cache may leave some of it out.
 */
export function travel(): Travel {
  if (!known) {
    const { redirect, credentials, cache, referrerPolicy } = traveller();
    // The types of a built request are wider than what the module puts there.
    known = { redirect, credentials, cache, referrerPolicy } as Travel;
  }
  return known;
}
