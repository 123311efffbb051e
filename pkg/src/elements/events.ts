// What the elements tell a page.
import type { OcisignError, Signing, SigningId, Verification } from "ocisign";
import type { ApprovalsView } from "./approvals/view.ts";

/** What an event tells of a request. */
export interface SigningDetail {
  /** The request, as the service shows it. */
  readonly signing: Signing;
}

/** What `ocisign-open` tells. */
export interface OpenDetail {
  /** The request that the person chose. */
  readonly id: SigningId;
}

/** What `ocisign-batch` tells. */
export interface BatchDetail {
  /** The batch id that all requests of a list carry; none once the person closed its results. */
  readonly batch: string | undefined;
}

/** What `ocisign-decided` tells. */
export interface DecidedDetail extends SigningDetail {
  /** The person's decision. */
  readonly decision: "approve" | "reject";
}

/** What `ocisign-verified` tells. */
export interface VerifiedDetail {
  /** The outcome: `state` is not `verified` in every case. */
  readonly verification: Verification;
}

/** What `ocisign-error` tells. */
export interface ErrorDetail {
  /** What went wrong. */
  readonly error: OcisignError;
}

/**
 * The events of the elements, all of which bubble and leave shadow trees.
 *
 * @example
 * ```ts
 * import "ocisign/elements";
 *
 * document.addEventListener("ocisign-verified", ({ detail }) => console.log(detail.verification.state));
 * ```
 */
export interface OcisignEvents {
  /** The service accepted a request. */
  "ocisign-requested": CustomEvent<SigningDetail>;
  /** The person sent a list of requests, or closed its results. */
  "ocisign-batch": CustomEvent<BatchDetail>;
  /** The person wants the request once more, such as a rejected one: {@link prefillOf} says what to begin with. */
  "ocisign-request-again": CustomEvent<SigningDetail>;
  /** The person chose a request. `preventDefault()` keeps the browser from following its link. */
  "ocisign-open": CustomEvent<OpenDetail>;
  /** The person changed filter, search, sort or page. */
  "ocisign-view": CustomEvent<ApprovalsView>;
  /** The element saw the status for the first time, or the status changed. */
  "ocisign-status": CustomEvent<SigningDetail>;
  /** The service accepted a decision. */
  "ocisign-decided": CustomEvent<DecidedDetail>;
  /** A verification ended. */
  "ocisign-verified": CustomEvent<VerifiedDetail>;
  /** Something went wrong; the element shows it, too. */
  "ocisign-error": CustomEvent<ErrorDetail>;
}
