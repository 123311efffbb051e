// What a client and its calls may be given.
import type { OcisignError } from "../error.ts";
import type { Fetch } from "../http/fetch.ts";
import type { StoredProduct } from "./product.ts";
import type { Profile } from "./profile.ts";
import type { Signing } from "./signing.ts";
import type { TokenSource } from "./token-source.ts";

/** How often a call is tried, and how long it waits in between. */
export interface RetryOptions {
  /** How often it is sent at the most, the first time included. Default 4; a look of a wait is sent once. */
  attempts?: number | undefined;
  /** The first wait in milliseconds; it doubles each time. Default 500. */
  baseMs?: number | undefined;
  /** The longest wait in milliseconds; a `Retry-After` beyond it ends the call. Default 30,000. */
  maxMs?: number | undefined;
}

/** Options of {@link SigningClient}. */
export interface ClientOptions {
  /** As in `https://app.laavat.io/<CustomerName>/api/v1`. `http://` is for localhost only. */
  baseUrl: string;
  /** The bearer token, or what gives one. */
  token: TokenSource;
  /** What differs from the defaults. */
  profile?: Profile | undefined;
  /** Called in place of the platform's. */
  fetch?: Fetch | undefined;
  /**
   * For one try of one call, in milliseconds. Default 30,000. It does not limit `token`, which may have to ask a
   * person; a signal does.
   */
  timeoutMs?: number | undefined;
  /** How often a call is tried. */
  retry?: RetryOptions | undefined;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the call; what the service has taken stays there. */
  signal?: AbortSignal | undefined;
}

/** Options of {@link SigningClient.approve}. */
export interface ApproveOptions extends CallOptions {
  /** Why, for the records. */
  comment?: string | undefined;
  /** The request as it was shown. If it changed, the client does not approve it. */
  expect?: Signing | undefined;
  /**
   * The product as it was shown beside the request, from {@link SigningClient.product}. If its name, registries,
   * operation or key changed, the client does not approve. Leave it out when the person may not read the product.
   */
  expectProduct?: StoredProduct | undefined;
}

/** Options of {@link SigningClient.reject}. */
export interface RejectOptions extends CallOptions {
  /** Why: the requester has to know. */
  comment: string;
  /** The request as it was shown. If it changed, the client does not reject it. */
  expect?: Signing | undefined;
}

/** Options of {@link SigningClient.withdraw}. */
export interface WithdrawOptions extends CallOptions {
  /** Why, for the records. */
  comment?: string | undefined;
  /** The request as it was shown. If it changed, the client does not withdraw it. */
  expect?: Signing | undefined;
}

/** A filter for {@link SigningClient.signings}, sent as the query; which fields work is the service's affair. */
export type SigningFilter = Readonly<Record<string, string | number | undefined>>;

/** A time in which a wait cannot read how the request stands. It says nothing about the request. */
export interface Outage {
  /** Why the last look failed. */
  readonly error: OcisignError;
  /** When the first look failed. */
  readonly since: Date;
  /** How many looks have failed so far. */
  readonly attempts: number;
  /** The service can be read again. */
  readonly over: boolean;
}

/** Options of {@link SigningClient.waitForSignature}. Times in milliseconds. */
export interface WaitOptions extends CallOptions {
  /** How long to wait altogether. Without it, until it is final. */
  timeoutMs?: number | undefined;
  /**
   * Called at the first look and whenever the status changed. If it returns a promise, that is awaited; what it throws
   * ends the wait.
   */
  onStatus?: ((signing: Signing) => void) | undefined;
  /**
   * Called when a look has failed, and once more when the outage is `over`. The wait goes on meanwhile. A promise is
   * awaited, and an error ends the wait, as with `onStatus`.
   */
  onOutage?: ((outage: Outage) => void) | undefined;
  /** The first pause between two looks; it grows by half each time, with jitter. Default 500. */
  intervalMs?: number | undefined;
  /** The longest pause. Default 10,000. */
  maxIntervalMs?: number | undefined;
}
