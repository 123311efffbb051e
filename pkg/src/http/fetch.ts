// A replaced `fetch`: how it is called, and what it has to return.

/** What a replaced `fetch` is called with: less than the platform's `RequestInit`, and assignable to it. */
export interface FetchInit {
  /** A service's profile may want another method than `POST` of what acts; of a registry's uploads are `PUT`, `PATCH` and `HEAD`. */
  method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH";
  /** Among them `Authorization`, which is a secret. */
  headers: Record<string, string>;
  /** JSON text for the service, bytes for a registry. */
  body?: string | Uint8Array<ArrayBuffer>;
  /** Fires when the time is over, or the caller's own signal does. */
  signal: AbortSignal;
  /** A secret is never sent along a redirect. */
  redirect: "manual" | "follow";
  /** Cookies are not sent. */
  credentials: "omit";
  /** Nothing is kept. */
  cache: "no-store";
  /** Where it comes from is not told. */
  referrerPolicy: "no-referrer";
}

/** What of a reply's headers is needed. */
export interface FetchHeaders {
  /** The value of a header, whose name has no case; `null` when it is not there, or may not be read. */
  get(name: string): string | null;
}

/** What of a reply is needed; a replaced `fetch` may return no more than this. The platform's `Response` is one. */
export interface FetchReply {
  /** The HTTP status. */
  readonly status: number;
  /** The headers. */
  readonly headers: FetchHeaders;
  /** The body as text. */
  text(): PromiseLike<string>;
  /** The body as bytes: needed for blobs of a registry that are not UTF-8. */
  arrayBuffer?(): PromiseLike<ArrayBuffer>;
}

/**
 * A replaced `fetch`: for mTLS agents, proxies and tests. After an error of it, a call is repeated as after a failure of
 * the network, but not after an `OcisignError`: that one is handed on as it is.
 *
 * @example
 * ```ts
 * import { type Fetch, SigningClient } from "ocisign";
 *
 * const noted: Fetch = (url, init) => {
 *   console.error(`${init.method} ${url}`);
 *   return fetch(url, init);
 * };
 * const token = () => process.env.OCISIGN_TOKEN ?? "";
 * const other = new SigningClient({ baseUrl: "https://app.laavat.io/acme/api/v1", token, fetch: noted });
 * ```
 */
export type Fetch = (url: string, init: FetchInit) => PromiseLike<FetchReply>;
