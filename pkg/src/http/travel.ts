// How every request travels: with nothing of the page's, and not along a redirect by itself.
import type { FetchInit } from "./fetch.ts";

/**
 * The part of `fetch`'s options that says so. The module's own requests say the same (src/js/http.rs); a test compares
 * the two.
 */
export const travel = {
  redirect: "manual",
  credentials: "omit",
  cache: "no-store",
  referrerPolicy: "no-referrer",
} as const satisfies Partial<FetchInit>;
